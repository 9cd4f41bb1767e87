// How many workers a crowd needs: the fewest with which 95 of 100 waits stay below a bound. Searched with the policy in memory, which
// is the real queue's (service-queue.test.ts), since every number that is tried is a run of whole days.

import type { Request } from './demand.ts'
import { cpuMeasured, cpuSeconds, gpuSeconds, moreCores } from './estimate.ts'
import { GPUS } from './machines.ts'
import { fairPolicy } from './policies.ts'
import { type Run, simulate } from './simulate.ts'
import { VIDEO_KINDS, type VideoKind } from './videos.ts'
import { lightOnly, type Waits, waitsOf } from './waits.ts'

export interface Server {
  readonly name: string
  readonly title: string
  /** Of a video: the slow end of the estimate, so that what is found is enough where the estimate is right at all. */
  readonly seconds: (kind: VideoKind) => number
}

/** Cores of the CPU server, which computes in int8. */
export const CORES = 8

/** The machine of the cloud form. */
export const FORM = 't4'

export function servers(): Server[] {
  const measured = cpuMeasured()
  const ofKinds = (title: string, name: string, seconds: (kind: VideoKind) => number): Server => {
    const known = new Map(VIDEO_KINDS.map((kind) => [kind.name, seconds(kind)]))
    return { name, title, seconds: ({ name: kind }) => known.get(kind)! }
  }
  return [
    ofKinds(`CPU, ${CORES} cores, int8`, 'cpu', (kind) => moreCores(cpuSeconds(measured, kind, 'int8'), measured.cores, CORES).slow),
    ...GPUS.filter(({ name }) => name !== 'h200').map((gpu) =>
      ofKinds(gpu.title, gpu.name, (kind) => gpuSeconds(gpu, kind, measured.encode).slow),
    ),
  ]
}

/** Who asks for what within so many seconds. */
export interface Crowd {
  readonly requests: readonly Request[]
  readonly seconds: number
}

/** Seconds of work a second that are asked for. */
export function offeredLoad(requests: readonly Request[], server: Server, seconds: number): number {
  return requests.reduce((sum, { video }) => sum + server.seconds(video), 0) / seconds
}

function runPolicy(requests: readonly Request[], server: Server, workers: number): Promise<Run> {
  return simulate(requests, fairPolicy(), { workers, seconds: ({ video }) => server.seconds(video) })
}

/** Waits of all but those who queue batches: these wait for themselves. */
export async function lightWaits(requests: readonly Request[], server: Server, workers: number): Promise<Waits> {
  return waitsOf(lightOnly((await runPolicy(requests, server, workers)).fates))
}

/** Never fewer than the work of a whole day keeps busy. */
export async function workersNeeded({ requests, seconds }: Crowd, server: Server, bound: number): Promise<number> {
  const enough = async (workers: number) => (await lightWaits(requests, server, workers)).p95 < bound
  const busy = Math.floor(offeredLoad(requests, server, seconds))
  let [few, many] = [busy, busy + 1]
  while (!(await enough(many))) [few, many] = [many, Math.ceil(many * 1.5)]
  while (many - few > 1) {
    const middle = Math.floor((few + many) / 2)
    if (await enough(middle)) many = middle
    else few = middle
  }
  return many
}
