// In which order what waits will be taken, by the rules of take.ts played forward: one query, whatever the length of
// the queue. It does not know which worker has which model, nor what will be asked for until then.

import { sql } from 'drizzle-orm'
import type { Database } from '../db/open.ts'
import { users, videos } from '../db/schema.ts'

interface Waiting {
  readonly id: string
  readonly user: string
  readonly priority: number
  readonly position: number
  /** Of the user, now. */
  readonly running: number
}

/** Places by video, 1 is next. Those of users who paused have none. */
export async function queuePositions(db: Database): Promise<ReadonlyMap<string, number>> {
  const running = sql<number>`(select count(*)::int from ${videos} as r where r.user_id = ${users.id} and r.status = 'in_progress')`
  const owners = await db
    .select({ id: users.id, running, servedAt: users.servedAt })
    .from(users)
    .where(sql`${users.pausedAt} is null and exists (select from ${videos} as w where w.user_id = ${users.id} and w.status = 'queued')`)
    .orderBy(sql`${users.servedAt} asc nulls first`)
  if (owners.length === 0) return new Map()
  const rows = await db
    .select({ id: videos.id, user: videos.userId, priority: videos.priority, position: videos.position })
    .from(videos)
    .where(sql`${videos.status} = 'queued'`)
    .orderBy(sql`${videos.priority} desc`, videos.position)
  const byUser = new Map(owners.map(({ id, running: count }) => [id, count]))
  const waiting = rows.flatMap((row): Waiting[] => {
    const count = byUser.get(row.user)
    return count === undefined ? [] : [{ ...row, running: count }]
  })
  // Who was never served comes before all others, and those among each other by their jobs' places.
  return placesOf(waiting, new Map(owners.map(({ id, servedAt }, i) => [id, servedAt === null ? -owners.length - 1 : i - owners.length])))
}

/** Plays take.ts forward. `waiting` by priority, then in each user's own order; `lastServed` below 0, lower is longer ago. */
function placesOf(waiting: readonly Waiting[], lastServed: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  const served = new Map(lastServed)
  const places = new Map<string, number>()
  for (const ofPriority of Map.groupBy(waiting, ({ priority }) => priority).values()) {
    for (const round of rounds(ofPriority)) {
      for (const { id, user } of round.toSorted((a, b) => served.get(a.user)! - served.get(b.user)! || a.position - b.position)) {
        places.set(id, places.size + 1)
        served.set(user, places.size)
      }
    }
  }
  return places
}

/** Who has fewer running is earlier: a user's n-th job comes in the round of that number, later by what runs already. */
function rounds(waiting: readonly Waiting[]): Waiting[][] {
  const taken = new Map<string, number>()
  const byRound = Map.groupBy(waiting, ({ user, running }) => {
    const round = taken.get(user) ?? running
    taken.set(user, round + 1)
    return round
  })
  return [...byRound].toSorted(([a], [b]) => a - b).map(([, jobs]) => jobs)
}
