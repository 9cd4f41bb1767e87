// The page's tables of crowds: workers, waits, fairness, theory, and the database.

import { markdownTable } from '../table.ts'
import { ASSUMED } from './demand.ts'
import { waitQuantile } from './erlang.ts'
import type { DatabaseResults, QueueResults, Size } from './kept.ts'
import { VIDEO_KINDS } from './videos.ts'
import type { Waits } from './waits.ts'
import { duration, milliseconds, percent, whole } from './words.ts'

export function workersTable({ sizes }: QueueResults): string {
  const [first] = sizes
  const names = first!.needed.map(({ name, title }) => ({ name, title }))
  const cell = (size: Size, name: string) => {
    const [minute, five] = size.needed.find((one) => one.name === name)!.workers
    return minute!.workers === five!.workers ? String(minute!.workers) : `${minute!.workers} / ${five!.workers}`
  }
  return markdownTable({
    head: ['registered users', 'videos a day', 'in the busiest hour', ...names.map(({ title }) => title)],
    rows: sizes.map((size) => [
      whole(size.registered),
      whole(size.videosADay),
      whole(size.peakHour),
      ...names.map(({ name }) => cell(size, name)),
    ]),
  })
}

const waitCells = ({ p50, p95, p99, most }: Waits) => [p50, p95, p99, most].map(duration)

export function waitsTable({ sizes }: QueueResults): string {
  return markdownTable({
    head: [
      'registered users',
      'workers',
      'videos',
      'half below',
      '95% below',
      '99% below',
      'longest',
      'longest, first come',
      'workers busy',
      'taken again',
      'given up',
      'lost',
      'made twice',
    ],
    rows: sizes.map(({ registered, real }) => [
      whole(registered),
      `${real.workers} x ${real.title}`,
      whole(real.all.count),
      ...waitCells(real.light),
      duration(real.firstCome.most),
      percent(real.busy),
      whole(real.again),
      whole(real.failed),
      whole(real.lost),
      whole(real.duplicate),
    ]),
  })
}

export function fairnessTable({ fairness }: QueueResults): string {
  const { fair, firstCome, defaults, quota } = fairness
  const rows = [
    ['Kinora, no cap', fair],
    ['plain first come, first served', firstCome],
    ['Kinora, `limits.queued` 500 (default), no quota', defaults],
    ['Kinora, `limits.queued` 500, `quota.queued` 50', quota],
  ] as const
  return markdownTable({
    head: ['', 'refused', 'half below', '95% below', '99% below', 'longest'],
    rows: rows.map(([title, waits]) => [
      title,
      `${waits.refused} of ${fairness.light}`,
      ...(waits.count > 0 ? waitCells(waits) : ['-', '-', '-', '-']),
    ]),
  })
}

export function fairnessText({ fairness: { workers, title, seconds, light, heavy } }: QueueResults): string {
  return `One user's program asks for ${whole(heavy)} videos at once and for another one every ten seconds, refused or not; within the same hour ${light} users ask for one video each. ${workers} workers, ${title}, ${duration(seconds)} a video. What the ${light} see:\n`
}

export function theoryTable({ theory }: QueueResults): string {
  return markdownTable({
    head: ['workers', 'busy', 'mean wait by theory', 'simulated', '95% below, by theory'],
    rows: theory.map((line) => [
      String(line.workers),
      percent((line.rate * line.service) / line.workers),
      ...[line.expected, line.simulated, waitQuantile(line, 0.95)].map((seconds) => `${seconds.toPrecision(3)} s`),
    ]),
  })
}

export function lifeTable({ lives }: DatabaseResults): string {
  return markdownTable({
    head: ['videos in the table', 'waiting, of one user', 'accept, ms', 'take, ms', 'end, ms', 'nothing to take, ms'],
    rows: lives.map(({ completed, waiting, accept, take, end, nothing }) => [
      whole(completed),
      whole(waiting),
      ...[accept, take, end, nothing].map(({ median, p95 }) => `${milliseconds(median)} (${milliseconds(p95)})`),
    ]),
  })
}

export function togetherTable({ together }: DatabaseResults): string {
  return markdownTable({
    head: ['workers at once', 'connections', 'videos taken and ended a second', 'take, ms', 'taken twice'],
    rows: together.map(({ takers, connections, jobsPerSecond, take, duplicates }) => [
      whole(takers),
      whole(connections),
      whole(jobsPerSecond),
      `${milliseconds(take.median)} (${milliseconds(take.p95)})`,
      whole(duplicates),
    ]),
  })
}

/** What the rate means for the largest crowd. */
export function rateText({ sizes }: QueueResults, { together, machine, load }: DatabaseResults): string {
  const { registered, peakHour } = sizes.at(-1)!
  const least = Math.min(...together.map(({ jobsPerSecond }) => jobsPerSecond))
  const need = peakHour / 3600
  return [
    `Measured on: ${machine}, load average ${load.toFixed(1)} before (other work shares the machine), PostgreSQL and the workers on it, without waiting for a disk. Medians, 95% below in brackets.`,
    `${whole(registered)} users ask for ${whole(peakHour)} videos in the busiest hour, ${need.toFixed(2)} a second; the slowest row above takes and ends ${whole(least)}.`,
    '',
  ].join('\n')
}

export function assumptionsText(): string {
  const { activeShare, videosADay, burst, burstGap, heavyShare, heavyBatches, heavyBatch, hours } = ASSUMED
  const total = hours.reduce((sum, weight) => sum + weight, 0)
  const busiest = Math.max(...hours)
  const from = hours.indexOf(busiest)
  const kinds = VIDEO_KINDS.filter(({ share }) => share > 0).map(({ title, share }) => `${percent(share)} are ${title}`)
  return [
    `- ${percent(activeShare)} of the registered users are active on a day. An active one asks for ${videosADay} videos, in bursts of ${burst} on average, ${burstGap} s between two of a burst.`,
    `- ${percent(heavyShare)} of the active ones, at least one, are heavy: ${heavyBatches} batches of ${heavyBatch} videos a day, each sent at once. Their batches wait for themselves and are left out of the waits.`,
    `- The day has a curve: least in the night, most from ${from} to ${from + 1} o'clock, when ${percent(busiest / total)} of the day's videos are asked for.`,
    `- ${kinds.join(', ')}.`,
    '',
  ].join('\n')
}

export function runsText({ date, machine, sizes }: QueueResults): string {
  const runs = sizes.map(
    ({ registered, days, real }) =>
      `${whole(registered)} ${registered === 1 ? 'user' : 'users'} for ${days} ${days === 1 ? 'day' : 'days'} (${duration(real.realSeconds)} of real time)`,
  )
  return `Run on ${date.slice(0, 10)}, ${machine}: ${runs.join(', ')}.\n`
}
