// What watching costs a generation: a real `kinora serve` makes videos with the bundled model, by turns alone and while
// another process holds hundreds of event streams open and asks for the state hundreds of times a second. Prints how much
// longer a generation takes, and how fast polls are answered. Everything runs on this machine, the clients too.
//
//   node --conditions=kinora-dev bench/service-load.ts [--pairs 3] [--steps 40] [--watchers 500] [--polls 200]

import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { wholeNumber } from './arguments.ts'
import { elapsed } from './clock.ts'
import { cpuKind, describeMachine } from './machine.ts'
import type { ClientsDone, ClientsOrder } from './service-load-clients.ts'
import { type ServiceProcess, startServiceProcess } from './service-process.ts'
import { median } from './statistics.ts'

const { values } = parseArgs({
  options: {
    /** Generations alone and under load, each. */
    pairs: { type: 'string', default: '3' },
    steps: { type: 'string', default: '40' },
    watchers: { type: 'string', default: '500' },
    /** A second. */
    polls: { type: 'string', default: '200' },
  },
})
const pairs = wholeNumber('--pairs', values.pairs)
const steps = wholeNumber('--steps', values.steps)
const watchers = wholeNumber('--watchers', values.watchers, { least: 0 })
const polls = wholeNumber('--polls', values.polls, { least: 0 })

interface Run {
  /** From being taken until it can be played. */
  seconds: number
  /** Of the service's own process, without the engine's and the encoder's. */
  serviceCpuSeconds: number
}

interface LoadedRun extends Run {
  clients: ClientsDone
}

const CLIENTS = fileURLToPath(new URL('service-load-clients.ts', import.meta.url))

/** One video from the queue to its end; `ready` runs before it may begin. */
async function generate(service: ServiceProcess, ready: (id: string) => Promise<void>): Promise<Run> {
  await service.ask('/v1/queue/pause', {})
  const { id } = await service.ask<{ id: string }>('/v1/videos', { prompt: 'a red ball rolls', num_inference_steps: steps, seed: 1 })
  await ready(id)
  const states = service.watch(id)
  await states.next()
  await service.ask('/v1/queue/resume', {})
  let [begin, cpu] = [Number.NaN, Number.NaN]
  for await (const { event, data } of states) {
    if (event === 'progress' && data.status === 'in_progress' && Number.isNaN(begin))
      [begin, cpu] = [performance.now(), service.cpuSeconds()]
    if (event === 'failed') throw new Error(`the generation failed: ${JSON.stringify(data)}`)
  }
  return { seconds: elapsed(begin), serviceCpuSeconds: service.cpuSeconds() - cpu }
}

async function generateWatched(service: ServiceProcess): Promise<LoadedRun> {
  const child = fork(CLIENTS, { execArgv: ['--conditions=kinora-dev'] })
  try {
    const run = await generate(service, async (id) => {
      const order: ClientsOrder = { url: service.url, key: service.key, id, watchers, polls }
      child.send(order)
      await once(child, 'message')
    })
    child.send('end')
    const [clients] = (await once(child, 'message')) as [ClientsDone]
    return { ...run, clients }
  } finally {
    child.kill()
  }
}

function report(alone: readonly Run[], watched: readonly LoadedRun[]): string {
  const secondsOf = (runs: readonly Run[]) => median(runs.map(({ seconds }) => seconds))
  const all = (runs: readonly Run[]) => runs.map(({ seconds }) => seconds.toFixed(2)).join(', ')
  const share = (runs: readonly Run[]) => (100 * median(runs.map((run) => run.serviceCpuSeconds / run.seconds))).toFixed(1)
  const latencies = watched.flatMap(({ clients }) => clients.latencies).toSorted((a, b) => a - b)
  const at = (part: number) => (latencies[Math.min(latencies.length - 1, Math.floor(part * latencies.length))] ?? Number.NaN).toFixed(1)
  const clientShare = 100 * median(watched.map(({ clients, seconds }) => clients.cpuSeconds / seconds))
  const events = watched.map(({ clients }) => (clients.events / Math.max(1, watchers)).toFixed(1)).join(', ')
  return [
    `alone: ${secondsOf(alone).toFixed(2)} s (${all(alone)})`,
    `with ${watchers} watchers and ${polls} polls/s: ${secondsOf(watched).toFixed(2)} s (${all(watched)})`,
    `slowdown: ${(secondsOf(watched) / secondsOf(alone)).toFixed(3)}`,
    `polls: ${latencies.length}, p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, most ${at(1)} ms; refused or lost: ${watched.reduce((sum, { clients }) => sum + clients.failures, 0)}`,
    `events a watcher: ${events}; streams that ended with the video: ${watched.map(({ clients }) => clients.ended).join(', ')}`,
    `of one core: the service's process ${share(alone)} % alone, ${share(watched)} % watched; the clients ${clientShare.toFixed(1)} %`,
  ].join('\n')
}

const machine = describeMachine()
console.log(`${cpuKind(machine)}, load ${machine.load.toFixed(1)} before`)
const service = await startServiceProcess()
try {
  const nothing = async (): Promise<void> => {}
  await generate(service, nothing)
  const alone: Run[] = []
  const watched: LoadedRun[] = []
  for (let pair = 0; pair < pairs; pair++) {
    alone.push(await generate(service, nothing))
    watched.push(await generateWatched(service))
  }
  console.log(report(alone, watched))
} finally {
  await service.stop()
}
