// Progress as one bar that is redrawn in place, for a terminal.

import { Presets, SingleBar } from 'cli-progress'
import type { PacedProgress } from '../progress.ts'
import type { View } from './view.ts'
import { paceText } from './view.ts'

/** The longest phase name, so that the bar does not jump. */
const NAME_WIDTH = 'encoding prompt'.length

export function barView(stream: NodeJS.WriteStream): View {
  const bar = new SingleBar(
    { format: '{phase} {bar} {value}/{total}  {pace}', stream, barsize: 28, fps: 8, clearOnComplete: true, linewrap: true },
    Presets.shades_classic,
  )
  let last: PacedProgress | undefined
  const payload = (progress: PacedProgress) => ({ phase: progress.phase.padEnd(NAME_WIDTH), pace: paceText(progress) })
  const clear = () => {
    if (last) bar.stop()
    last = undefined
  }
  return {
    clear,
    print: (text) => {
      clear()
      stream.write(`${text}\n`)
    },
    progress: (progress) => {
      const fresh = last?.phase !== progress.phase
      if (fresh) {
        clear()
        bar.start(progress.total, progress.step, payload(progress))
      } else {
        bar.update(progress.step, payload(progress))
      }
      last = progress
    },
  }
}
