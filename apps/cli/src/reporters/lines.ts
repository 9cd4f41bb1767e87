// Progress as plain lines, for logs and pipes: one when a phase begins, and then one each tenth of it.

import type { View } from './view.ts'
import { countText, paceText } from './view.ts'

export function linesView(print: (text: string) => void): View {
  let shown = { phase: '', tenth: -1 }
  return {
    print,
    clear: () => {},
    progress: (progress) => {
      const { phase, step, total } = progress
      const tenth = Math.floor((10 * step) / total)
      if (phase === shown.phase && tenth <= shown.tenth && step > 0) return
      const counted = total > 1
      if (counted || phase !== shown.phase)
        print([phase, ...(counted ? [countText(progress)] : []), paceText(progress)].filter((part) => part !== '').join('  '))
      shown = { phase, tenth }
    },
  }
}
