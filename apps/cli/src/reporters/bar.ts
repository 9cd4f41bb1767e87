// Progress as one bar that is redrawn in place, for a terminal. It shows the whole video, all stages
// together; the counter beside it shows the phase that is under way. Every phase is drawn, however short.

import { Presets, SingleBar } from 'cli-progress'
import type { OverallProgress } from 'kinora'
import type { View } from './view.ts'
import { countText, paceText } from './view.ts'

/** The longest phase name, so that the bar does not jump. */
const NAME_WIDTH = 'encoding prompt'.length
const TICKS = 1000

export function barView(stream: NodeJS.WriteStream): View {
  const bar = new SingleBar(
    { format: '{phase} {bar} {count}  {pace}', stream, barsize: 28, fps: 8, clearOnComplete: true, linewrap: true },
    Presets.shades_classic,
  )
  let running: OverallProgress['phase'] | undefined
  const clear = () => {
    if (running) bar.stop()
    running = undefined
  }
  return {
    clear,
    print: (text) => {
      clear()
      stream.write(`${text}\n`)
    },
    progress: (progress) => {
      const payload = { phase: progress.phase.padEnd(NAME_WIDTH), count: countText(progress), pace: paceText(progress) }
      const ticks = Math.floor(TICKS * (progress.overall ?? progress.step / progress.total))
      if (running) bar.update(ticks, payload)
      else bar.start(TICKS, ticks, payload)
      if (running && running !== progress.phase) bar.render()
      running = progress.phase
    },
  }
}
