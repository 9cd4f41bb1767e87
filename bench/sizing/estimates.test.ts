// The arithmetic of videos: work, seconds, cents and memory, against values worked out elsewhere.

import { describe, expect, test } from 'vitest'
import { costOf } from './cost.ts'
import { ASSUMED, DAY, demand } from './demand.ts'
import { cpuMeasured, cpuSeconds, GPU_SHARE, gpuSeconds, moreCores } from './estimate.ts'
import { EVIDENCE, GPUS } from './machines.ts'
import { GPU_ALLOWANCE, gpuBytes, withFiles } from './memory.ts'
import { stepWork, totalWork, VIDEO_KINDS, videoWork } from './videos.ts'
import { cents, duration, span } from './words.ts'

const [quick, fine, long, large] = VIDEO_KINDS

test('work: the TFLOP that docs/performance.md has', () => {
  expect(VIDEO_KINDS.map((kind) => stepWork(kind).toPrecision(3))).toEqual(['9.65', '9.65', '38.8', '42.6'])
  expect(videoWork(quick!).decoding / quick!.frames).toBeCloseTo(0.622, 3)
  expect(videoWork(large!).decoding / large!.frames).toBeCloseTo(1.76, 2)
})

describe('seconds', () => {
  test('CPU: a video is its steps and what is around them', () => {
    const measured = cpuMeasured()
    const more = cpuSeconds(measured, fine!, 'int8') - cpuSeconds(measured, quick!, 'int8')
    expect(more).toBeCloseTo(25 * measured.step.int8, 6)
    expect(cpuSeconds(measured, quick!, 'float32')).toBeGreaterThan(cpuSeconds(measured, quick!, 'int8'))
  })

  test('more cores: nothing gained by none, never more than the cores', () => {
    expect(moreCores(100, 2, 2)).toEqual({ fast: 100, slow: 100 })
    const { fast, slow } = moreCores(100, 2, 16)
    expect(fast).toBeGreaterThan(100 / 8)
    expect(slow).toBeGreaterThan(fast)
    // 0.05 + 0.95 / 16 against 0.05 + 0.95 / 2
    expect(slow).toBeCloseTo((100 * 0.109375) / 0.525, 9)
  })

  test('GPU: within the evidence for its share of the peak, and by the work', () => {
    const shares = EVIDENCE.map(({ rate, peak }) => rate / peak)
    expect(Math.max(...shares)).toBeLessThanOrEqual(GPU_SHARE.fast)
    expect(Math.min(...shares)).toBeGreaterThanOrEqual(GPU_SHARE.slow)
    const t4 = GPUS.find(({ name }) => name === 't4')!
    expect(gpuSeconds(t4, quick!, 0).fast).toBeCloseTo(totalWork(videoWork(quick!)) / (65 * 0.3), 9)
    expect(gpuSeconds(t4, long!, 2).slow - gpuSeconds(t4, long!, 0).slow).toBeCloseTo(8, 9)
  })

  test('no estimate is below what the card’s memory allows', async () => {
    const { traffic, weights, activations, total } = await withFiles('float16', (files) => gpuBytes(files, quick!, true))
    for (const { bandwidth, tflops } of GPUS) expect(traffic / 1e9 / bandwidth).toBeLessThan(stepWork(quick!) / (tflops * GPU_SHARE.fast))
    // 1.7 billion parameters in two bytes each.
    expect(weights / 2 / 1e9).toBeCloseTo(1.8, 1)
    expect(total).toBe(weights + activations + GPU_ALLOWANCE)
  })
})

test('cents', () => {
  expect(costOf(36, 1)).toBeCloseTo(0.01, 12)
  expect(costOf(36, 1, 0.5)).toBeCloseTo(0.02, 12)
  expect(cents({ fast: 0.00213, slow: 0.00967 })).toBe('0.21 to 0.97')
})

test('durations', () => {
  expect([0.01, 0.42, 5.9, 66, 200, 869, 3811].map(duration)).toEqual(['0 s', '0.42 s', '5.9 s', '66 s', '3.3 min', '14 min', '1.1 h'])
  expect(span({ fast: 14.6, slow: 66.2 })).toBe('15 to 66 s')
  expect(span({ fast: 58, slow: 265 })).toBe('58 s to 4.4 min')
})

test('the crowd: as many videos as its assumptions come to, in order, the same for one seed', () => {
  const requests = demand({ registered: 1000, days: 6, seed: 1 })
  const active = 1000 * ASSUMED.activeShare
  const heavy = active * ASSUMED.heavyShare
  const expected = 6 * ((active - heavy) * ASSUMED.videosADay + heavy * ASSUMED.heavyBatches * ASSUMED.heavyBatch)
  expect(requests.length / expected).toBeGreaterThan(0.95)
  expect(requests.length / expected).toBeLessThan(1.05)
  expect(requests.every(({ at }, i) => i === 0 || at >= requests[i - 1]!.at)).toBe(true)
  expect(requests.at(-1)!.at).toBeLessThan(6 * DAY + 3600)
  expect(demand({ registered: 1000, days: 6, seed: 1 })).toEqual(requests)
  expect(new Set(demand({ registered: 1, days: 9, seed: 1 }).map(({ user }) => user))).toEqual(new Set(['user0']))
})
