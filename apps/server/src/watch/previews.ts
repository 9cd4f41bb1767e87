// Pictures of videos that are being made, read at most a few times a second each, and only when somebody asks for them.

import { and, eq, ne } from 'drizzle-orm'
import type { Database } from '../db/open.ts'
import { previews } from '../db/schema.ts'
import { type Remembered, remembered } from './remembered.ts'

export interface Preview {
  readonly step: number
  readonly jpeg: Uint8Array
}

/** Between two looks at the same video's picture. */
const FRESH_MS = 400
/** Not asked for so long, it is forgotten. */
const IDLE_MS = 5000

export interface Previews {
  /** The same object while the picture is of the same step. */
  get(id: string): Promise<Preview | undefined>
  sweep(): void
}

export function previewMemory(db: Database): Previews {
  const memory = new Map<string, { askedAt: number; look: Remembered<Preview | undefined> }>()

  function lookOf(id: string): Remembered<Preview | undefined> {
    let last: Preview | undefined
    return remembered(FRESH_MS, async () => {
      const [step] = await db.select({ step: previews.step }).from(previews).where(eq(previews.videoId, id))
      if (!step) last = undefined
      else {
        const isNew = and(eq(previews.videoId, id), last && ne(previews.step, last.step))
        const [row] = await db.select({ step: previews.step, jpeg: previews.jpeg }).from(previews).where(isNew)
        last = row ?? last
      }
      return last
    })
  }

  return {
    get(id) {
      const known = memory.get(id) ?? { askedAt: 0, look: lookOf(id) }
      known.askedAt = performance.now()
      memory.set(id, known)
      return known.look.get()
    },
    sweep() {
      for (const [id, { askedAt }] of memory) if (askedAt + IDLE_MS < performance.now()) memory.delete(id)
    },
  }
}
