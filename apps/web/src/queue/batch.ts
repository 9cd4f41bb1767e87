// The several prompts and their run, outside of any page: both go on while other pages are shown. What is not queued yet, or was
// refused, stays in the text, also over a reload.

import type { Draft } from '../settings/draft.ts'
import { requestVideo } from '../settings/request.ts'
import { kept } from '../ui/kept.ts'
import { linesOf, type Seeds, settingsOfLine } from './lines.ts'
import { type Progress, runLines } from './run-lines.ts'

export interface Batch {
  /** One prompt a line. */
  readonly text: string
  /** Of the run that goes on, or of the last one. */
  readonly progress?: Progress | undefined
  readonly isRunning: boolean
  readonly isStopping: boolean
}

const batch = kept<Batch>(
  'batch',
  (text) => ({ text: typeof text === 'string' ? text : '', isRunning: false, isStopping: false }),
  ({ text }) => text,
)
let stop = new AbortController()

export const useBatch: () => Batch = batch.use

export function setBatchText(text: string): void {
  change({ text })
}

/** What the last run said is read. */
export function forgetOutcome(): void {
  if (!batch.get().isRunning) change({ progress: undefined })
}

/** Queues the first `most` lines; the others stay. `onQueued` is called after each. */
export async function startBatch(
  { settings, file }: Draft,
  seeds: Seeds,
  most: number,
  onQueued: () => void,
): Promise<Progress | undefined> {
  if (batch.get().isRunning) return undefined
  stop = new AbortController()
  const lines = linesOf(batch.get().text)
  const rest = lines.slice(most)
  change({ isRunning: true, isStopping: false, progress: undefined })
  const end = await runLines(lines.slice(0, most), {
    signal: stop.signal,
    send: (line, index, key) => requestVideo(settingsOfLine(settings, line, seeds, index), file, { idempotencyKey: key }),
    onProgress: (progress) => {
      const failed = progress.failures.map(({ line }) => line)
      change({ progress, text: [...failed, ...progress.left, ...rest].join('\n') })
      onQueued()
    },
  })
  change({ isRunning: false, isStopping: false })
  return end
}

/** The line that is under way is still queued. */
export function stopBatch(): void {
  stop.abort()
  change({ isStopping: true })
}

function change(values: Partial<Batch>): void {
  batch.set({ ...batch.get(), ...values })
}
