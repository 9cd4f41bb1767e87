// The phases of a whole generation, and what a run of a few steps says about one of many. Only the number
// of steps is extrapolated: all else is measured as it is.

import type { Memory } from './machine.ts'
import { median } from './statistics.ts'

/** Seconds. */
export interface Phases {
  /** From the start of the process: importing, and of Kinora opening the checkpoint. */
  start: number
  /** Of Kinora with loading the text encoder. */
  text: number
  /** Of Kinora the UNet, of the reference all parts. */
  load: number
  steps: number
  /** Of Kinora with loading the decoder. */
  decode: number
  /** Writing the file, and the end of the process; null on the reference, which writes none. */
  encode: number | null
}

export const PHASES = ['start', 'text', 'load', 'steps', 'decode', 'encode'] as const

export interface Measurement {
  phases: Phases
  stepSeconds: number[]
  memory: Memory
}

/** One side's run. */
export interface WholeRun {
  /** Of the whole video. */
  steps: number
  guidance: number
  measured: { steps: number; stepSeconds: number[]; phases: Phases; totalSeconds: number }
  /** Absent where all steps were measured. */
  extrapolated?: { steps: number; phases: Phases; totalSeconds: number }
  /** Of the extrapolated run where there is one. */
  totalSeconds: number
  peakBytes: number
  privateBytes: number
}

export function totalOf(phases: Phases): number {
  return PHASES.reduce((sum, name) => sum + (phases[name] ?? 0), 0)
}

/** The first step stands alone, since it is often longer; the others count as their median. */
export function wholeRun({ phases, stepSeconds, memory }: Measurement, steps: number, guidance: number): WholeRun {
  const measured = { steps: stepSeconds.length, stepSeconds, phases, totalSeconds: totalOf(phases) }
  const common = { steps, guidance, measured, peakBytes: memory.peak, privateBytes: memory.private }
  if (steps === stepSeconds.length) return { ...common, totalSeconds: measured.totalSeconds }
  const [first = Number.NaN, ...others] = stepSeconds
  const each = others.length > 0 ? median(others) : first
  const longer = { ...phases, steps: first + (steps - 1) * each }
  const extrapolated = { steps, phases: longer, totalSeconds: totalOf(longer) }
  return { ...common, extrapolated, totalSeconds: extrapolated.totalSeconds }
}
