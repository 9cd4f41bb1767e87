// The simulation beside Erlang's formula, at three sizes.

import { meanWait } from './erlang.ts'
import type { QueueResults } from './kept.ts'
import { poissonLine, runLine } from './poisson.ts'
import { waitsOf } from './waits.ts'

/** Of 100,000 requests each, since waits in a row resemble each other. */
const THEORY_RUNS = 8

export async function theory(): Promise<QueueResults['theory']> {
  const lines = [
    { rate: 0.7, service: 1, workers: 1 },
    { rate: 4, service: 2, workers: 10 },
    { rate: 9, service: 10, workers: 100 },
  ]
  const results = []
  for (const line of lines) {
    const means = []
    for (let seed = 0; seed < THEORY_RUNS; seed++) means.push(waitsOf((await runLine(poissonLine(line, 100_000, seed), line)).fates).mean)
    results.push({ ...line, expected: meanWait(line), simulated: means.reduce((sum, mean) => sum + mean, 0) / THEORY_RUNS })
  }
  return results
}
