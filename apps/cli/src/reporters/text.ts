// Words for people: what happens goes to standard error, the paths of finished files to standard
// output, so that a script can take them.

import { bytes, seconds } from '../format.ts'
import { planText } from '../plan-text.ts'
import { createPace } from '../progress.ts'
import { barView } from './bar.ts'
import { linesView } from './lines.ts'
import type { ItemReport, Reporter } from './reporter.ts'

/** `terminal`: one bar that is redrawn; otherwise a line now and then. */
export function textReporter(terminal: boolean): Reporter {
  const view = terminal ? barView(process.stderr) : linesView((text) => void process.stderr.write(`${text}\n`))
  let pace = createPace()
  return {
    plan: (plan) => void process.stdout.write(`${planText(plan)}\n`),
    start: (item) => {
      pace = createPace()
      view.print(headline(item))
    },
    progress: (progress) => view.progress(pace(progress)),
    note: (message) => view.print(`note: ${message}`),
    warning: (message) => view.print(`warning: ${message}`),
    saved: (file) => {
      const { path, width, height, frames, fps } = file
      for (const note of file.notes) view.print(`note: ${note}`)
      view.print(`saved ${width}x${height}, ${frames} frames at ${fps} fps, ${file.codec}, ${bytes(file.bytes)}:`)
      view.clear()
      process.stdout.write(`${path}\n`)
    },
    done: (summary) => view.print(`${summary.videos === 1 ? 'done' : `${summary.videos} videos`} in ${seconds(summary.seconds)}`),
    stop: view.clear,
  }
}

function headline({ number, total, video }: ItemReport): string {
  const [settings, upscaled] = video.settings
  const { prompt, seed, width, height, numFrames, numInferenceSteps, guidanceScale, scheduler } = settings
  const place = total === 1 ? '' : `[${number}/${total}] `
  const then = upscaled ? `, then ${upscaled.width}x${upscaled.height}` : ''
  return `${place}"${prompt[0]}": ${width}x${height}, ${numFrames} frames, ${numInferenceSteps} steps of ${scheduler}, guidance ${guidanceScale}, seed ${seed}${then}`
}
