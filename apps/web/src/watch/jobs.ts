// What two looks at the queue, one after the other, say: what has left it, how soon to look again, and the tab's title.

import type { QueueObject, VideoObject } from '../api/types.ts'

const ACTIVE_MS = 2000
/** Browsers slow the timers of hidden pages anyway. */
const ACTIVE_HIDDEN_MS = 5000
const IDLE_MS = 20_000
const IDLE_HIDDEN_MS = 60_000

export function pauseOf(queue: QueueObject | undefined, isHidden: boolean): number {
  const isActive = queue !== undefined && (queue.running > 0 || (queue.waiting > 0 && !queue.paused))
  if (isActive) return isHidden ? ACTIVE_HIDDEN_MS : ACTIVE_MS
  return isHidden ? IDLE_HIDDEN_MS : IDLE_MS
}

/** Ids that were in the queue and are not any more: ended, deleted, or pushed beyond what it shows. */
export function idsThatLeft(before: QueueObject | undefined, now: QueueObject): string[] {
  const here = new Set(now.data.map(({ id }) => id))
  return (before?.data ?? []).map(({ id }) => id).filter((id) => !here.has(id))
}

/** Percent of what runs, the furthest; undefined while nothing does. */
export function runningPercent(queue: QueueObject | undefined): number | undefined {
  const running = queue?.data.filter(({ status }) => status === 'in_progress') ?? []
  return running.length > 0 ? Math.max(...running.map(({ progress }) => progress)) : undefined
}

/** Who cancels a video knows of it. */
export function isNews({ status, error }: VideoObject): boolean {
  return status === 'completed' || (status === 'failed' && error?.code !== 'cancelled')
}
