// What watchers of videos are told, and what polls are answered from. The database says which video has changed; its row
// is then read once, however many watch it or ask for it.

import type { OpenDatabase } from '../db/open.ts'
import { CHANNEL } from '../queue/channel.ts'
import { queuePositions } from '../queue/positions.ts'
import type { Job } from '../queue/take.ts'
import { type Preview, previewMemory } from './previews.ts'
import { remembered } from './remembered.ts'
import { rowMemory } from './rows.ts'
import { watchedVideos } from './watched.ts'

/** `job` is undefined when the video is gone, `position` for one that does not wait. */
export type Changed = (job: Job | undefined, position: number | undefined) => void

export interface VideoHub {
  /** A video's row, from memory while it is known to be fresh. Undefined when there is none, and while it lies in the trash. */
  get(id: string): Promise<Job | undefined>
  /** Calls `changed` with the row now and after each change of it (undefined: it is gone). The result stops that. */
  watch(id: string, changed: Changed): () => void
  /** Places before a waiting video, counted from 1: 1 is next. Undefined for one that does not wait. */
  position(id: string): Promise<number | undefined>
  /** The picture of a video that is being made, as JPEG; the same object while it is the same picture. */
  preview(id: string): Promise<Preview | undefined>
  /** This process has changed it: whoever asks next gets the new row, even before the database's news of it arrives. */
  changed(id: string): void
  close(): Promise<void>
}

/** How long news that was lost is not noticed. */
const FRESH_MS = 5000
const POSITIONS_MS = 1000
const TICK_MS = 1000

export async function createHub(database: OpenDatabase, { freshMs = FRESH_MS }: { freshMs?: number } = {}): Promise<VideoHub> {
  const { db } = database
  const rows = rowMemory(db, freshMs)
  const places = remembered(POSITIONS_MS, () => queuePositions(db))
  const previews = previewMemory(db)
  const watched = watchedVideos(rows, async (id) => (await places.get()).get(id))

  const news = (id: string) => {
    rows.outdate(id)
    watched.refresh(id)
  }
  const stop = await database.listen(CHANNEL, news, () => {
    rows.outdate()
    watched.refresh()
  })
  const ticks = setInterval(() => {
    watched.tick()
    rows.sweep()
    previews.sweep()
  }, TICK_MS).unref()

  return {
    get: (id) => rows.get(id),
    watch: (id, changed) => watched.watch(id, changed),
    position: async (id) => ((await rows.get(id))?.status === 'queued' ? (await places.get()).get(id) : undefined),
    preview: (id) => previews.get(id),
    changed(id) {
      places.outdate()
      news(id)
    },
    async close() {
      clearInterval(ticks)
      watched.close()
      await stop()
    },
  }
}
