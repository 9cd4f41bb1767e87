// A discrete-event simulation: requests come, workers take the next one from a scheduler, are busy for as long as the video
// takes, and take again. Time is virtual; the scheduler may be the service's own queue on a real database (service-queue.ts) or a
// model of one (policies.ts). Workers may die: their job is found by the scheduler some time later, and a new worker comes.

import { type Agenda, createAgenda } from './agenda.ts'
import type { Request } from './demand.ts'

/** Of something that was taken. */
export interface Ticket {
  readonly id: string
  readonly worker: string
  readonly attempt: number
}

export interface Scheduler {
  /** Virtual seconds from now on. */
  setTime(seconds: number): Promise<void> | void
  /** The job's id; undefined when there is no room for it. */
  ask(request: Request): Promise<string | undefined>
  join(worker: string): Promise<void>
  take(worker: string): Promise<Ticket | undefined>
  /** False when the job is not this worker's any more. */
  end(ticket: Ticket): Promise<boolean>
  /** Gives back the jobs of workers that are not among these and were not heard of for long; the ids of those that are given up. */
  reclaim(alive: readonly string[]): Promise<readonly string[]>
}

export interface Shop {
  readonly workers: number
  /** Of one video. */
  readonly seconds: (request: Request) => number
  /** Virtual seconds at which the worker that began last dies. */
  readonly deaths?: readonly number[]
}

/** One request's fate. */
export interface Fate extends Request {
  /** Seconds until it was first taken; undefined: refused. */
  wait: number | undefined
  /** How often it was taken, and how often its end was accepted. */
  taken: number
  ended: number
  /** Given up, since its workers died twice. */
  failed: boolean
}

export interface Run {
  readonly fates: Fate[]
  /** Until the last one ended. */
  readonly seconds: number
  /** Of all workers, working. */
  readonly busySeconds: number
  /** Ids in the order in which they were taken. */
  readonly order: string[]
}

/** A dead worker is taken for lost after so many seconds, as the service's default says, and its heartbeat's interval. */
const LOST_AFTER = 35
/** Until another one is there. */
const NEW_WORKER = 60

interface Busy {
  readonly ticket: Ticket
  readonly from: number
  readonly until: number
}

type Event = { readonly at: number } & (
  | { readonly kind: 'request'; readonly request: Request }
  | { readonly kind: 'ended'; readonly worker: string }
  | { readonly kind: 'death' | 'reclaim' | 'arrival' }
)

/** Everything that changes while a simulation runs. */
interface Floor {
  readonly scheduler: Scheduler
  readonly shop: Shop
  readonly agenda: Agenda<Event>
  readonly fates: Map<string, Fate>
  readonly refused: Fate[]
  readonly order: string[]
  readonly idle: string[]
  readonly busy: Map<string, Busy>
  now: number
  busySeconds: number
  joined: number
}

export async function simulate(requests: readonly Request[], scheduler: Scheduler, shop: Shop): Promise<Run> {
  const asked = requests.map((request): Event => ({ kind: 'request', at: request.at, request }))
  const deaths = (shop.deaths ?? []).map((at): Event => ({ kind: 'death', at }))
  const agenda = createAgenda([...asked, ...deaths])
  const nobody = { fates: new Map(), refused: [], order: [], idle: [], busy: new Map(), now: 0, busySeconds: 0, joined: 0 }
  const floor: Floor = { scheduler, shop, agenda, ...nobody }
  await scheduler.setTime(0)
  for (let i = 0; i < shop.workers; i++) await join(floor)
  for (let event = agenda.next(); event; event = agenda.next()) {
    floor.now = event.at
    await scheduler.setTime(event.at)
    await happen(floor, event)
    await serve(floor)
  }
  const { fates, refused, order, now, busySeconds } = floor
  return { fates: [...fates.values(), ...refused], seconds: now, busySeconds, order }
}

async function happen(floor: Floor, event: Event): Promise<void> {
  switch (event.kind) {
    case 'request':
      return ask(floor, event.request)
    case 'ended':
      return end(floor, event.worker)
    case 'death':
      return die(floor)
    case 'reclaim':
      return reclaim(floor)
    case 'arrival':
      return join(floor)
    default:
      return event satisfies never
  }
}

async function join(floor: Floor): Promise<void> {
  const worker = `worker${++floor.joined}`
  await floor.scheduler.join(worker)
  floor.idle.push(worker)
}

async function ask({ scheduler, fates, refused }: Floor, request: Request): Promise<void> {
  const id = await scheduler.ask(request)
  const fate: Fate = { ...request, wait: undefined, taken: 0, ended: 0, failed: false }
  if (id === undefined) refused.push(fate)
  else fates.set(id, fate)
}

/** The longest idle worker looks first. */
async function serve(floor: Floor): Promise<void> {
  const { scheduler, shop, agenda, fates, order, idle, busy, now } = floor
  for (let worker = idle[0]; worker !== undefined; worker = idle[0]) {
    const ticket = await scheduler.take(worker)
    if (!ticket) return
    idle.shift()
    const fate = fates.get(ticket.id)!
    fate.taken++
    fate.wait ??= now - fate.at
    order.push(ticket.id)
    const until = now + shop.seconds(fate)
    busy.set(worker, { ticket, from: now, until })
    agenda.add({ kind: 'ended', at: until, worker })
  }
}

async function end(floor: Floor, worker: string): Promise<void> {
  const work = floor.busy.get(worker)
  if (!work) return // it died
  floor.busy.delete(worker)
  floor.busySeconds += floor.now - work.from
  if (await floor.scheduler.end(work.ticket)) floor.fates.get(work.ticket.id)!.ended++
  floor.idle.push(worker)
}

/** Of the busy ones, the one that began last. */
async function die(floor: Floor): Promise<void> {
  const [dead] = [...floor.busy].toSorted(([, a], [, b]) => b.from - a.from)
  if (!dead) return
  const [worker, { from }] = dead
  floor.busySeconds += floor.now - from
  floor.busy.delete(worker)
  floor.agenda.add({ kind: 'reclaim', at: floor.now + LOST_AFTER })
  floor.agenda.add({ kind: 'arrival', at: floor.now + NEW_WORKER })
}

async function reclaim({ scheduler, idle, busy, fates }: Floor): Promise<void> {
  for (const id of await scheduler.reclaim([...idle, ...busy.keys()])) fates.get(id)!.failed = true
}
