// What watchers of videos are told, and what polls are answered from. (Interface; its implementation follows.)

import type { Job } from '../queue/take.ts'

export interface VideoHub {
  /** A video's row, from memory while it is known to be fresh. Undefined when there is none. */
  get(id: string): Promise<Job | undefined>
  /** Calls `changed` with the row now and after each change of it (undefined: it is gone). The result stops that. */
  watch(id: string, changed: (job: Job | undefined) => void): () => void
  /** Places before a waiting video, counted from 1: 1 is next. Undefined for one that does not wait. */
  position(id: string): Promise<number | undefined>
  /** The picture of a video that is being made, as JPEG. */
  preview(id: string): Promise<{ step: number; jpeg: Uint8Array } | undefined>
  close(): Promise<void>
}
