// How progress is shown to a person: see bar.ts and lines.ts.

import { bytes, seconds } from '../format.ts'
import type { PacedProgress } from '../progress.ts'

export interface View {
  readonly progress: (progress: PacedProgress) => void
  /** A line of its own. */
  readonly print: (text: string) => void
  /** Removes what is still being redrawn. */
  readonly clear: () => void
}

const UNITS: Readonly<Record<Exclude<PacedProgress['phase'], 'downloading'>, string>> = {
  quantizing: 'weight',
  loading: 'step',
  'encoding prompt': 'step',
  'encoding frames': 'frame',
  denoising: 'step',
  decoding: 'frame',
  'encoding video': 'file',
}

/** "0.42 s/step, 19 s left", or nothing while it is not known. */
export function paceText({ phase, secondsPerStep, secondsLeft, step, total }: PacedProgress): string {
  if (secondsPerStep === undefined || secondsLeft === undefined) return ''
  if (phase === 'downloading') return `${bytes(1 / secondsPerStep)}/s, ${seconds(secondsLeft)} left`
  return `${seconds(secondsPerStep)}/${UNITS[phase]}${step < total ? `, ${seconds(secondsLeft)} left` : ''}`
}

/** "3/16", or bytes as people read them. */
export function countText({ phase, step, total }: PacedProgress): string {
  return phase === 'downloading' ? `${bytes(step)}/${bytes(total)}` : `${step}/${total}`
}
