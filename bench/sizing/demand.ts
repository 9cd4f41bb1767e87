// Who asks for what, and when: the model of users that sizing assumes. Every assumption is a number in ASSUMED, and the page
// prints them; another crowd is another object. Times are seconds from midnight of the first day.

import { type Random, seededRandom } from './random.ts'
import { VIDEO_KINDS, type VideoKind } from './videos.ts'

export interface Request {
  readonly at: number
  readonly user: string
  /** Of one of the few who queue batches. */
  readonly heavy: boolean
  readonly video: VideoKind
}

export interface Population {
  readonly registered: number
  readonly days: number
  readonly seed: number
}

/** Weight of each hour of a day. */
const HOURS: readonly number[] = [1, 1, 1, 1, 1, 1, 2, 4, 8, 10, 11, 10, 9, 11, 13, 14, 12, 10, 9, 10, 10, 9, 6, 3]

export const ASSUMED = {
  /** Of the registered users, on one day. */
  activeShare: 0.1,
  /** Of an active user, in bursts. */
  videosADay: 6,
  /** Videos in a burst, on average, and the seconds between two of them. */
  burst: 2,
  burstGap: 40,
  /** Of the active users; at least one where there is more than one user. */
  heavyShare: 0.02,
  /** Of a heavy user: batches a day, and videos in each, sent at once. */
  heavyBatches: 3,
  heavyBatch: 20,
  hours: HOURS,
} as const

const HOUR = 3600
export const DAY = 24 * HOUR
/** Between two requests of one batch. */
const BATCH_GAP = 0.3

/** Sorted by time. A burst that begins on the last day may end after it. */
export function demand({ registered, days, seed }: Population): Request[] {
  const random = seededRandom(seed)
  const active = Math.max(1, Math.round(registered * ASSUMED.activeShare))
  const heavy = registered > 1 ? Math.max(1, Math.round(active * ASSUMED.heavyShare)) : 0
  const requests: Request[] = []
  for (let day = 0; day < days; day++) {
    for (const user of chosen(random, registered, heavy, active - heavy)) {
      const bursts = random.poisson(ASSUMED.videosADay / ASSUMED.burst)
      for (let i = 0; i < bursts; i++) {
        const gap = () => random.exponential(ASSUMED.burstGap)
        requests.push(...burst(random, { user: `user${user}`, heavy: false, day, count: random.geometric(ASSUMED.burst), gap }))
      }
    }
    for (let user = 0; user < heavy; user++)
      for (let i = 0; i < ASSUMED.heavyBatches; i++)
        requests.push(...burst(random, { user: `heavy${user}`, heavy: true, day, count: ASSUMED.heavyBatch, gap: () => BATCH_GAP }))
  }
  return requests.toSorted((a, b) => a.at - b.at)
}

interface Burst {
  readonly user: string
  readonly heavy: boolean
  readonly day: number
  readonly count: number
  readonly gap: () => number
}

function burst(random: Random, { user, heavy, day, count, gap }: Burst): Request[] {
  let at = day * DAY + (random.weighted(ASSUMED.hours) + random.uniform()) * HOUR
  return Array.from({ length: count }, () => {
    const request = { at, user, heavy, video: VIDEO_KINDS[random.weighted(VIDEO_KINDS.map(({ share }) => share))]! }
    at += gap()
    return request
  })
}

/** So many different ones of the users that are not heavy. */
function chosen(random: Random, registered: number, heavy: number, count: number): Set<number> {
  const users = new Set<number>()
  while (users.size < count) users.add(heavy + Math.floor(random.uniform() * (registered - heavy)))
  return users
}
