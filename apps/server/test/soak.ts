// A long life in short, by hand: node --conditions=kinora-dev apps/server/test/soak.ts [--videos N]
// One process makes thousands of small videos, one after the other, while older ones are deleted; now and then it is looked at
// what it holds. Prints a table and a line of figures; ends with 1 when memory grew by more than a tenth or anything was left.

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { spawnServe } from './support/processes.ts'
import { TINY } from './support/service.ts'

const { values } = parseArgs({ options: { videos: { type: 'string', default: '2000' } } })
const VIDEOS = Number(values.videos)
/** Waiting at a time, and kept of those that are ready. */
const [WAITING, KEPT] = [8, 40]
const LOOKS = 40
const GROWTH = 1.1

interface Look {
  readonly videos: number
  /** MiB of the service's process, and of those that it started. */
  readonly service: number
  readonly children: number
  readonly processes: number
  readonly handles: number
  readonly files: number
  readonly rows: number
}

const folder = mkdtempSync(path.join(tmpdir(), 'kinora-soak-'))
const place = (name: string) => path.join(folder, name)
for (const name of ['data', 'tmp']) mkdirSync(place(name))
const args = [
  '--data',
  place('data'),
  '--auth',
  'none',
  '--model',
  `${TINY.name}=${TINY.source}`,
  '--device',
  'cpu',
  '--log-level',
  'error',
]
const serving = await spawnServe({ args, env: { TMPDIR: place('tmp'), KINORA_LIMITS_REQUESTS_PER_MINUTE: '1000000' } })
const pid = serving.process.pid!
try {
  const looks = await run()
  process.exitCode = report(looks) ? 0 : 1
} finally {
  await serving.end()
  const left = readdirSync(place('tmp'))
  if (left.length > 0) process.stdout.write(`left in the temporary folder: ${left.join(', ')}\n`)
  if (left.length > 0) process.exitCode = 1
  rmSync(folder, { recursive: true, force: true })
}

async function run(): Promise<Look[]> {
  const looks: Look[] = []
  const open: string[] = []
  const ready: string[] = []
  let asked = 0
  for (let made = 0; made < VIDEOS; made++) {
    while (open.length < WAITING && asked < VIDEOS) open.push(await ask(asked++))
    const id = open.shift()!
    await ended(id)
    ready.push(id)
    if (ready.length > KEPT) await call(`/v1/videos/${ready.shift()}`, { method: 'DELETE' })
    if ((made + 1) % Math.ceil(VIDEOS / LOOKS) === 0) looks.push(await look(made + 1))
  }
  return looks
}

/** Another number of frames is another graph, which takes longer than a video: now and then. */
async function ask(i: number): Promise<string> {
  const frames = 2 + (Math.floor(i / 100) % 3)
  const body = JSON.stringify({ prompt: `video ${i}`, size: '64x64', num_frames: frames, num_inference_steps: 1 + (i % 2), seed: i })
  const { id } = (await call('/v1/videos', { method: 'POST', body, headers: { 'content-type': 'application/json' } })) as { id: string }
  return id
}

/** Watched as a browser does, so that what watching leaves is seen as well. */
async function ended(id: string): Promise<void> {
  const events = await (await fetch(`${serving.url}/v1/videos/${id}/events?preview=true`)).text()
  const { status, error } = (await call(`/v1/videos/${id}`)) as { status: string; error: unknown }
  if (status !== 'completed') throw new Error(`${id} is ${status}: ${JSON.stringify(error)}; ${events.slice(-300)}`)
}

async function call(at: string, init: RequestInit = {}): Promise<unknown> {
  const response = await fetch(`${serving.url}${at}`, init)
  if (!response.ok) throw new Error(`${at} answered ${response.status}: ${await response.text()}`)
  return response.json()
}

async function look(videos: number): Promise<Look> {
  await wait(1000) // what ends with the last video has ended
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean)
  const { data } = (await call('/v1/videos?limit=100')) as { data: unknown[] }
  const found = {
    videos,
    service: residentMiB(pid),
    children: children.reduce((sum, child) => sum + residentMiB(Number(child)), 0),
    processes: children.length,
    handles: readdirSync(`/proc/${pid}/fd`).length,
    files: countFiles(place('data')) - countFiles(place('data/database')),
    rows: data.length,
  }
  process.stderr.write(`${JSON.stringify(found)}\n`)
  return found
}

function residentMiB(of: number): number {
  return Math.round(Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${of}/status`, 'utf8'))?.[1] ?? 0) / 1024)
}

function countFiles(at: string): number {
  return readdirSync(at, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).length
}

/** The last quarter beside the second, medians: in the first the caches fill. */
function report(looks: readonly Look[]): boolean {
  const quarter = Math.floor(looks.length / 4)
  const median = (name: keyof Look, from: number) =>
    looks
      .slice(from, from + quarter)
      .map((each) => each[name])
      .toSorted((a, b) => a - b)[quarter >> 1]!
  const names = ['service', 'children', 'processes', 'handles', 'files', 'rows'] as const
  const rows = names.map((name) => [name, median(name, quarter), median(name, looks.length - quarter)] as const)
  for (const [name, early, late] of rows) process.stdout.write(`${name.padEnd(10)} ${early} -> ${late}\n`)
  const grown = rows.filter(([, early, late]) => late > early * GROWTH + 2)
  process.stdout.write(
    `soak: ${VIDEOS} videos; ${grown.length === 0 ? 'nothing grew' : `grew: ${grown.map(([name]) => name).join(', ')}`}\n`,
  )
  return grown.length === 0
}
