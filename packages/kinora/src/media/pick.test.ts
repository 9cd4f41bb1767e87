import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { averageRate, endOf, newClock, tick, ticksOf } from './clock.ts'
import { copiesAtRate, frameRing, frameWindow, keptCopies, slotsBefore } from './pick.ts'

const MILLISECONDS = { num: 1, den: 1000 }
const fps = (num: number, den = 1) => ({ num, den })

describe('a constant rate', () => {
  test.each([
    ['twice as fast repeats', [100, 100, 100], 20, [2, 2, 2]],
    ['half as fast takes every other one', [100, 100, 100, 100], 5, [1, 0, 1, 0]],
    ['the same changes nothing', [33, 34, 33, 33, 34, 33], 30, [1, 1, 1, 1, 1, 1]],
    ['uneven frames are taken by what is on the screen', [40, 40, 320, 40, 460, 100], 10, [0, 1, 3, 0, 5, 1]],
    ['a long frame fills its time', [1000], 8, [8]],
    ['what is too short for one frame is one', [10, 10], 8, [0, 1]],
  ])('%s', (_, delays, rate, copies) => {
    expect(copiesAtRate(delays, MILLISECONDS, fps(rate))).toEqual(copies)
  })

  test('keeps the length to half a frame, and shows at each middle what was shown then', () => {
    const delays = fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 1, maxLength: 30 })
    fc.assert(
      fc.property(delays, fc.integer({ min: 1, max: 60 }), (list, rate) => {
        const copies = copiesAtRate(list, MILLISECONDS, fps(rate))
        const shown = copies.flatMap((count, index) => Array<number>(count).fill(index))
        const total = list.reduce((sum, delay) => sum + delay, 0)
        if (shown.length === 1) return
        expect(Math.abs(shown.length / rate - total / 1000)).toBeLessThanOrEqual(0.5 / rate + 0.0015 + 1e-9)
        for (const [slot, index] of shown.entries()) {
          const middle = ((slot + 0.5) * 1000) / rate
          const begin = list.slice(0, index).reduce((sum, delay) => sum + delay, 0)
          expect(middle).toBeGreaterThanOrEqual(begin + 1.5 - 1e-6)
          expect(middle).toBeLessThanOrEqual(begin + list[index]! + 1.5 + 1e-6)
        }
      }),
    )
  })

  test('is exact for stamps and rates that floats cannot hold', () => {
    const base = { num: 1, den: 90_000 }
    const hours = 10n ** 12n
    expect(slotsBefore(hours * 3003n, base, fps(30_000, 1001))).toBe(Number(hours))
    expect(slotsBefore(hours * 3003n - 1636n, base, fps(30_000, 1001))).toBe(Number(hours))
    expect(slotsBefore(hours * 3003n - 1637n, base, fps(30_000, 1001))).toBe(Number(hours) - 1)
    expect([-1636n, -1635n, 0n, 1364n, 1365n].map((ticks) => slotsBefore(ticks, base, fps(30)))).toEqual([-1, 0, 0, 0, 1])
  })

  test('every second frame is every second one, however its stamps are rounded', () => {
    for (const round of [Math.floor, Math.round, Math.ceil]) {
      const stamps = Array.from({ length: 61 }, (_, index) => round((index * 1000) / 60))
      const delays = stamps.slice(1).map((stamp, index) => stamp - stamps[index]!)
      expect(copiesAtRate(delays, MILLISECONDS, fps(30))).toEqual(Array.from({ length: 60 }, (_, index) => 1 - (index % 2)))
    }
  })
})

describe('a part', () => {
  test.each([
    [{ start: 0 }, [1, 2, 1]],
    [{ start: 2 }, [0, 1, 1]],
    [{ start: 1, count: 2 }, [0, 2, 0]],
    [{ start: 9 }, [0, 0, 0]],
    [{ start: 0, last: 2 }, [0, 1, 1]],
    [{ start: 0, last: 9 }, [1, 2, 1]],
  ])('%o of frames shown 1, 2 and 1 times', (pick, kept) => {
    expect(keptCopies([1, 2, 1], pick)).toEqual(kept)
  })

  test('a window tells when it has enough', () => {
    const window = frameWindow({ start: 1, count: 2 })
    expect([window.take(1), window.full, window.take(1), window.full, window.take(5), window.full]).toEqual([0, false, 1, false, 1, true])
  })

  test('a ring holds what is needed for the last frames, and says what it drops', () => {
    const dropped: string[] = []
    const ring = frameRing<string>(3, (item) => dropped.push(item))
    for (const [item, copies] of [
      ['a', 1],
      ['b', 2],
      ['none', 0],
      ['c', 1],
      ['d', 1],
    ] as const)
      ring.push(item, copies)
    expect(ring.drain()).toEqual([
      { item: 'b', copies: 1 },
      { item: 'c', copies: 1 },
      { item: 'd', copies: 1 },
    ])
    expect([dropped, ring.held]).toEqual([['none', 'a'], 3])
  })
})

describe('a clock', () => {
  const clockOf = (...frames: [bigint | undefined, bigint][]) => {
    const clock = newClock()
    for (const [stamp, duration] of frames) tick(clock, stamp, duration)
    return clock
  }

  test('frames without a stamp follow the one before, and none goes back', () => {
    const clock = newClock()
    const starts = (
      [
        [5n, 10n],
        [undefined, 10n],
        [12n, 10n],
        [40n, 0n],
      ] as const
    ).map(([stamp, duration]) => tick(clock, stamp, duration))
    expect(starts).toEqual([5n, 15n, 15n, 40n])
    expect(endOf(clock)).toBe(40n + 35n / 3n)
  })

  test.each([
    ['the declared rate where stamps are only rounded', [0n, 33n, 67n, 100n], 33n, [30_000 / 1001], 30_000 / 1001],
    ['the stamps where the declared rate is another', [0n, 100n, 200n], 100n, [1000, 25], 10],
    ['the stamps of a variable rate', [0n, 40n, 80n, 400n], 100n, [25], 8],
    ['the second declaration where only that one agrees', [0n, 100n, 200n], 100n, [50, 10], 10],
    ['what is declared where there is one frame without length', [0n], 0n, [24], 24],
    ['a short frame within the rounding of its stamps', [0n], 16n, [60], 60],
    ['nothing for nothing', [], 0n, [0, 90_000], 0],
  ])('rate: %s', (_, stamps, last, declared, rate) => {
    const clock = clockOf(...stamps.map((stamp, index): [bigint, bigint] => [stamp, index === stamps.length - 1 ? last : 0n]))
    expect(averageRate(clock, MILLISECONDS, declared)).toBeCloseTo(rate, 3)
  })

  test('microseconds become ticks', () => {
    expect(ticksOf(1_400_000, { num: 1, den: 90_000 })).toBe(126_000n)
  })
})
