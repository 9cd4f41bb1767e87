// The line that theory knows the answer for: requests at random, service times exponential.

import type { Request } from './demand.ts'
import type { Line } from './erlang.ts'
import { fairPolicy } from './policies.ts'
import { seededRandom } from './random.ts'
import { type Run, simulate } from './simulate.ts'
import { VIDEO_KINDS } from './videos.ts'

/** Everyone asks once, so that fairness has nothing to decide. */
export function poissonLine({ rate }: Line, count: number, seed: number): Request[] {
  const random = seededRandom(seed)
  let at = 0
  return Array.from({ length: count }, (_, i) => {
    at += random.exponential(1 / rate)
    return { at, user: `user${i}`, heavy: false, video: VIDEO_KINDS[0]! }
  })
}

export function runLine(requests: readonly Request[], { service, workers }: Line): Promise<Run> {
  const random = seededRandom(Math.round(requests[0]!.at * 1e6))
  return simulate(requests, fairPolicy(), { workers, seconds: () => random.exponential(service) })
}
