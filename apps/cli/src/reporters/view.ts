// How progress is shown to a person: see bar.ts and lines.ts.

import { seconds } from '../format.ts'
import type { PacedProgress } from '../progress.ts'

export interface View {
  readonly progress: (progress: PacedProgress) => void
  /** A line of its own. */
  readonly print: (text: string) => void
  /** Removes what is still being redrawn. */
  readonly clear: () => void
}

const UNITS: Readonly<Record<PacedProgress['phase'], string>> = {
  loading: 'step',
  'encoding prompt': 'step',
  denoising: 'step',
  decoding: 'frame',
  'encoding video': 'file',
}

/** "0.42 s/step, 19 s left", or nothing while it is not known. */
export function paceText({ phase, secondsPerStep, secondsLeft, step, total }: PacedProgress): string {
  if (secondsPerStep === undefined || secondsLeft === undefined) return ''
  return `${seconds(secondsPerStep)}/${UNITS[phase]}${step < total ? `, ${seconds(secondsLeft)} left` : ''}`
}
