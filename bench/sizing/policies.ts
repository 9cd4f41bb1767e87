// Schedulers in memory. `fairPolicy` follows the rules that the service's take.ts states; a test holds it against the real one, so that
// searching for a number of workers need not run the database a hundred times. `firstCome` is the plain line that it is compared with.

import type { Request } from './demand.ts'
import type { Scheduler, Ticket } from './simulate.ts'

/** Jobs that wait, by user, in the order in which they came. */
type Waiting = ReadonlyMap<string, readonly Job[]>

interface Job {
  readonly id: string
  readonly place: number
}

/** The user whose first job is next. */
type Choose = (waiting: Waiting, running: ReadonlyMap<string, number>, served: ReadonlyMap<string, number>) => string

/** Who has fewest running, then who was served longest ago, then who came first. */
export function fairPolicy(): Scheduler {
  return inMemory((waiting, running, served) =>
    least(waiting, (user, { place }) => [running.get(user) ?? 0, served.get(user) ?? -1, place]),
  )
}

export function firstCome(): Scheduler {
  return inMemory((waiting) => least(waiting, (_user, { place }) => [place]))
}

function least(waiting: Waiting, rank: (user: string, first: Job) => readonly number[]): string {
  let best: { user: string; rank: readonly number[] } | undefined
  for (const [user, [first]] of waiting) {
    const own = rank(user, first!)
    const differs = best ? own.findIndex((value, i) => value !== best!.rank[i]) : 0
    if (!best || (differs >= 0 && own[differs]! < best.rank[differs]!)) best = { user, rank: own }
  }
  return best!.user
}

/** Without bounds, and without lost workers. */
function inMemory(choose: Choose): Scheduler {
  const waiting = new Map<string, Job[]>()
  const running = new Map<string, number>()
  const served = new Map<string, number>()
  const owners = new Map<string, string>()
  let takes = 0
  const count = (user: string, change: number) => running.set(user, (running.get(user) ?? 0) + change)
  return {
    setTime() {},
    async ask({ user }: Request) {
      const job = { id: `video${owners.size}`, place: owners.size }
      waiting.set(user, [...(waiting.get(user) ?? []), job])
      owners.set(job.id, user)
      return job.id
    },
    async join() {},
    async take(worker): Promise<Ticket | undefined> {
      if (waiting.size === 0) return undefined
      const user = choose(waiting, running, served)
      const [job, ...rest] = waiting.get(user)!
      if (rest.length > 0) waiting.set(user, rest)
      else waiting.delete(user)
      count(user, 1)
      served.set(user, ++takes)
      return { id: job!.id, worker, attempt: 1 }
    },
    async end({ id }) {
      count(owners.get(id)!, -1)
      return true
    },
    async reclaim() {
      return []
    },
  }
}
