// Who watches which video, and when they are told: at once of a new state, of mere progress at most twice a second, and less
// often the more they are, since telling hundreds of them is what costs.

import type { Job } from '../queue/take.ts'
import type { Changed } from './hub.ts'
import type { Rows } from './rows.ts'

/** Between two calls that tell of nothing but progress; for so many watchers, as often as they are more. */
const PROGRESS_MS = 500
const MANY = 100

interface Watched {
  readonly watchers: Set<Changed>
  /** What all of them were told; undefined before that. */
  told: Told | undefined
  toldAt: number
  timer: NodeJS.Timeout | undefined
  /** One look at a time, so that an older one never speaks last; `again` when there was news meanwhile. */
  looking: 'no' | 'once' | 'again'
}

interface Told {
  readonly job: Job | undefined
  readonly position: number | undefined
}

export interface WatchedVideos {
  watch(id: string, changed: Changed): () => void
  /** Reads it, or all, and tells what is new. */
  refresh(id?: string): void
  /** Every second: looks after rows of which nothing was heard for long, and after places in the queue. */
  tick(): void
  close(): void
}

export function watchedVideos(rows: Rows, positionOf: (id: string) => Promise<number | undefined>): WatchedVideos {
  const watched = new Map<string, Watched>()

  async function look(id: string): Promise<Told> {
    const job = await rows.get(id)
    return { job, position: job?.status === 'queued' ? await positionOf(id) : undefined }
  }

  async function refresh(id: string, video: Watched): Promise<void> {
    if (video.looking !== 'no') {
      video.looking = 'again'
      return
    }
    try {
      do {
        video.looking = 'once'
        tellInTime(video, await look(id))
      } while (again(video))
    } catch {
      // The next tick tries again.
    } finally {
      video.looking = 'no'
    }
  }

  return {
    watch(id, changed) {
      const video = watched.get(id) ?? { watchers: new Set(), told: undefined, toldAt: 0, timer: undefined, looking: 'no' }
      watched.set(id, video)
      // A function that watches twice is two watchers.
      const watcher: Changed = (job, position) => changed(job, position)
      video.watchers.add(watcher)
      const { told } = video
      if (told) queueMicrotask(() => video.watchers.has(watcher) && watcher(told.job, told.position))
      void refresh(id, video)
      return () => {
        video.watchers.delete(watcher)
        if (video.watchers.size > 0 || watched.get(id) !== video) return
        clearTimeout(video.timer)
        watched.delete(id)
      }
    },
    refresh(id) {
      for (const each of id === undefined ? watched.keys() : [id]) {
        const video = watched.get(each)
        if (video) void refresh(each, video)
      }
    },
    tick() {
      for (const [id, video] of watched) if (!rows.isFresh(id) || video.told?.job?.status === 'queued') void refresh(id, video)
    },
    close() {
      for (const { timer } of watched.values()) clearTimeout(timer)
      watched.clear()
    },
  }
}

function again({ looking }: Watched): boolean {
  return looking === 'again'
}

function tellInTime(video: Watched, now: Told): void {
  const { told } = video
  if (told && told.job === now.job && told.position === now.position) return
  const isProgress = told !== undefined && now.job !== undefined && told.job?.status === now.job.status
  const pause = PROGRESS_MS * Math.max(1, video.watchers.size / MANY)
  const wait = isProgress ? video.toldAt + pause - performance.now() : 0
  clearTimeout(video.timer)
  video.timer = undefined
  if (wait > 0) video.timer = setTimeout(tell, wait, video, now)
  else tell(video, now)
}

function tell(video: Watched, now: Told): void {
  video.told = now
  video.toldAt = performance.now()
  for (const watcher of video.watchers) watcher(now.job, now.position)
}
