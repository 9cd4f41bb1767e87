// The simulation against what is known: Erlang's line, and runs that can be followed by hand.

import { describe, expect, test } from 'vitest'
import type { Request } from './demand.ts'
import { meanWait, waitProbability, waitQuantile } from './erlang.ts'
import { poissonLine, runLine } from './poisson.ts'
import { fairPolicy, firstCome } from './policies.ts'
import { simulate } from './simulate.ts'
import { VIDEO_KINDS } from './videos.ts'
import { accounts, lightOnly, waitsOf } from './waits.ts'

const SEED = 1
const ask = (at: number, user: string): Request => ({ at, user, heavy: user === 'heavy', video: VIDEO_KINDS[0]! })

describe('theory', () => {
  test('one worker: the textbook’s rho / (1 - rho) service times', () => {
    const line = { rate: 0.5, service: 1, workers: 1 }
    expect(waitProbability(line)).toBeCloseTo(0.5, 12)
    expect(meanWait(line)).toBeCloseTo(1, 12)
    // P(W > t) = rho e^(-(mu - lambda) t)
    expect(0.5 * Math.exp(-0.5 * waitQuantile(line, 0.95))).toBeCloseTo(0.05, 12)
  })

  test('Erlang C of 10 workers at a load of 8, as tables have it', () => {
    expect(waitProbability({ rate: 8, service: 1, workers: 10 })).toBeCloseTo(0.4092, 4)
    expect(meanWait({ rate: 8, service: 1, workers: 8 })).toBe(Number.POSITIVE_INFINITY)
  })

  test.each([
    { rate: 0.5, service: 1, workers: 1 },
    { rate: 1.4, service: 2, workers: 4 },
  ])('the simulated mean wait agrees: $workers workers', async (line) => {
    const waits = waitsOf((await runLine(poissonLine(line, 40_000, SEED), line)).fates)
    expect(waits.mean / meanWait(line)).toBeGreaterThan(0.9)
    expect(waits.mean / meanWait(line)).toBeLessThan(1.1)
    expect(waits.p95 / waitQuantile(line, 0.95)).toBeGreaterThan(0.85)
    expect(waits.p95 / waitQuantile(line, 0.95)).toBeLessThan(1.15)
  })
})

describe('turns', () => {
  const requests = [...Array.from({ length: 50 }, (_, i) => ask(i * 0.01, 'heavy')), ask(1, 'ann'), ask(2, 'bob')]
  const shop = { workers: 2, seconds: () => 10 }

  test('a light user waits for a worker, not for the other one’s fifty', async () => {
    const fair = await simulate(requests, fairPolicy(), shop)
    // Both workers are free again after 10 s and 10.01 s.
    expect(lightOnly(fair.fates).map(({ wait }) => wait!.toFixed(2))).toEqual(['9.00', '8.01'])
    expect(waitsOf(lightOnly((await simulate(requests, firstCome(), shop)).fates)).most).toBeCloseTo(249, 6)
    expect(fair.busySeconds).toBeCloseTo(520, 6)
    expect(accounts(fair)).toEqual({ refused: 0, again: 0, failed: 0, lost: 0, duplicate: 0 })
  })
})
