// Adds up the progress of several files and reports it, not more often than anyone can look.

import type { PullProgress } from './hub.ts'
import type { FileEntry } from './repo-files.ts'

const REPORT_EVERY_MS = 100

export interface Progress {
  /** Bytes of a file that are there; they never go back in a report. */
  report(path: string, bytes: number, state: PullProgress['state']): void
}

/** `here`: bytes of each file that are there at the start. */
export function trackProgress(
  files: readonly FileEntry[],
  here: ReadonlyMap<string, number>,
  onProgress?: (progress: PullProgress) => void,
): Progress {
  const sizes = new Map(files.map(({ path, size }) => [path, size]))
  const bytesOf = new Map(here)
  const overallTotal = files.reduce((sum, { size }) => sum + size, 0)
  const done = new Set(files.filter(({ path, size }) => here.get(path) === size).map(({ path }) => path))
  const lastReport = new Map<string, number>()
  return {
    report: (file, bytes, state) => {
      const total = sizes.get(file) ?? bytes
      bytesOf.set(file, Math.min(total, Math.max(bytes, bytesOf.get(file) ?? 0)))
      if (state === 'done') done.add(file)
      const now = performance.now()
      if (state !== 'done' && now - (lastReport.get(file) ?? Number.NEGATIVE_INFINITY) < REPORT_EVERY_MS) return
      lastReport.set(file, now)
      const overallBytes = Array.from(bytesOf.values()).reduce((sum, count) => sum + count, 0)
      onProgress?.({
        file,
        bytes: bytesOf.get(file) ?? 0,
        total,
        state,
        overallBytes,
        overallTotal,
        filesDone: done.size,
        files: files.length,
      })
    },
  }
}
