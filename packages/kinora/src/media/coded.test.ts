// From stored to shown pixels: turning, square pixels, alpha, high dynamic range.

import { describe, expect, test } from 'vitest'
import { type CodedPicture, isHighDefinition, pixelLayout, shownPicture } from './coded.ts'
import { compress } from './hdr.ts'
import { describe as inWords, orientationOf, turn, UPRIGHT } from './orientation.ts'

const picture = (part: Partial<CodedPicture>): CodedPicture => ({
  width: 3,
  height: 2,
  pixelAspect: { num: 1, den: 1 },
  orientation: UPRIGHT,
  layout: 'rgb24',
  transfer: undefined,
  ...part,
})

/** A picture whose pixels have the numbers 1, 2, 3 / 4, 5, 6 in red. */
const NUMBERED = Uint8Array.from([1, 2, 3, 4, 5, 6].flatMap((red) => [red, 0, 0]))
const reds = (rgb: Uint8Array) => [...rgb].filter((_, index) => index % 3 === 0)

// What a player shows of 123 / 456 for each of the eight ways to lie.
test.each([
  [[1, 0, 0, 1], [1, 2, 3, 4, 5, 6], 3, 'upright'],
  [[0, 1, -1, 0], [4, 1, 5, 2, 6, 3], 2, 'turned by 90 degrees clockwise'],
  [[-1, 0, 0, -1], [6, 5, 4, 3, 2, 1], 3, 'turned by 180 degrees'],
  [[0, -1, 1, 0], [3, 6, 2, 5, 1, 4], 2, 'turned by 90 degrees counterclockwise'],
  [[-1, 0, 0, 1], [3, 2, 1, 6, 5, 4], 3, 'mirrored'],
  [[1, 0, 0, -1], [4, 5, 6, 1, 2, 3], 3, 'mirrored'],
  [[0, 1, 1, 0], [1, 4, 2, 5, 3, 6], 2, 'turned and mirrored'],
  [[0, -1, -1, 0], [6, 3, 5, 2, 4, 1], 2, 'turned and mirrored'],
] as const)('matrix %o', ([a, b, c, d], expected, width, words) => {
  const orientation = orientationOf([a, b, 0, c, d, 0, 0, 0, 1])
  expect(reds(turn(NUMBERED, 3, 2, orientation))).toEqual(expected)
  const shown = shownPicture(picture({ orientation }))
  expect([shown.width, shown.height]).toEqual([width, 6 / width])
  expect(reds(shown.show(NUMBERED))).toEqual(expected)
  if (words === 'upright') expect(shown.notes).toEqual([])
  else expect([inWords(orientation), shown.notes.join()]).toEqual([words, expect.stringContaining(words)])
})

test.each([
  [4, 3, 64, 36],
  [3, 4, 48, 48],
  [16, 11, 70, 36],
  [1, 1, 48, 36],
  [1000, 1, 48, 36],
  [0, 1, 48, 36],
])('pixels %d:%d of 48x36 are shown as %dx%d', (num, den, width, height) => {
  const shown = shownPicture(picture({ width: 48, height: 36, pixelAspect: { num, den } }))
  expect([shown.width, shown.height]).toEqual([width, height])
  expect(shown.show(new Uint8Array(48 * 36 * 3).fill(77))).toEqual(new Uint8Array(width * height * 3).fill(77))
  expect(shown.notes).toHaveLength(width === 48 && height === 36 ? 0 : 1)
})

test('a turned picture of wide pixels becomes high', () => {
  const shown = shownPicture(picture({ pixelAspect: { num: 2, den: 1 }, orientation: orientationOf([0, 1, 0, -1, 0, 0, 0, 0, 1]) }))
  expect([shown.width, shown.height]).toEqual([2, 6])
})

test('alpha lies on black', () => {
  const shown = shownPicture(picture({ width: 3, height: 1, layout: 'rgba' }))
  const rgb = shown.show(Uint8Array.of(200, 100, 50, 255, 200, 100, 50, 128, 200, 100, 50, 0))
  expect([...rgb]).toEqual([200, 100, 50, 100, 50, 25, 0, 0, 0])
})

test('what is asked of the decoder follows from format and transfer', () => {
  expect(['yuv420p', 'gray', 'gbrp10le', 'rgb24', 'nv12'].map((name) => pixelLayout(name, '').layout)).toEqual(Array(5).fill('rgb24'))
  expect(['rgba', 'yuva444p12le', 'gbrap', 'pal8', 'ya8'].map((name) => pixelLayout(name, '').layout)).toEqual(Array(5).fill('rgba'))
  expect(pixelLayout('yuv420p10le', 'smpte2084')).toEqual({ layout: 'rgb48le', transfer: 'pq' })
  expect(pixelLayout('yuv420p10le', 'arib-std-b67')).toEqual({ layout: 'rgb48le', transfer: 'hlg' })
  expect(
    [
      [1280, 64],
      [720, 576],
      [64, 600],
    ].map(([width = 0, height = 0]) => isHighDefinition({ width, height })),
  ).toEqual([true, false, true])
})

describe('high dynamic range', () => {
  const show = (transfer: 'pq' | 'hlg', ...signals: number[]) => {
    const bytes = new Uint8Array(signals.length * 6)
    const view = new DataView(bytes.buffer)
    for (const [index, signal] of signals.entries()) {
      for (const channel of [0, 2, 4]) view.setUint16(index * 6 + channel, Math.round(signal * 65_535), true)
    }
    return reds(shownPicture(picture({ width: signals.length, height: 1, layout: 'rgb48le', transfer })).show(bytes))
  }

  // Signals of BT.2408, table 1: 18 % grey and diffuse white, then 1000 cd/m2, then all there is.
  test.each([
    ['pq', 0.38, 0.58, 0.7518],
    ['hlg', 0.38, 0.75, 1],
  ] as const)('%s: black stays black, grey stays grey, white is bright and the peak is white', (transfer, grey, white, peak) => {
    const [black = 0, middle = 0, bright = 0, top = 0, over = 0] = show(transfer, 0, grey, white, peak, 1)
    expect(black).toBe(0)
    // The grey card is 26 of white's 203 cd/m2.
    expect(Math.abs(middle - 255 * (26 / 203) ** (1 / 2.4))).toBeLessThanOrEqual(3)
    expect(bright).toBeGreaterThan(220)
    expect(bright).toBeLessThan(top)
    expect([top, over]).toEqual([255, 255])
  })

  test('neutral light stays neutral and ever more light is never darker', () => {
    const ramp = Array.from({ length: 200 }, (_, index) => index / 199)
    for (const transfer of ['pq', 'hlg'] as const) {
      const levels = show(transfer, ...ramp)
      expect(levels.every((level, index) => index === 0 || level >= levels[index - 1]!)).toBe(true)
    }
    const one = shownPicture(picture({ width: 1, height: 1, layout: 'rgb48le', transfer: 'pq' }))
    expect(new Set(one.show(Uint8Array.of(0, 120, 0, 120, 0, 120))).size).toBe(1)
    expect(one.notes.join()).toMatch(/HDR \(PQ\)/)
  })

  test('the roll-off is smooth: unchanged light below, white at the peak', () => {
    expect(compress(20)).toBeCloseTo(20 / 203, 12)
    expect(compress(1000)).toBeCloseTo(1, 6)
    const lights = Array.from({ length: 100 }, (_, index) => 10 * (index + 1))
    const steps = lights.slice(1).map((light, index) => compress(light) - compress(lights[index]!))
    expect(Math.max(...steps)).toBeLessThanOrEqual(10 / 203 + 1e-9)
    expect(Math.min(...steps)).toBeGreaterThan(0)
  })
})
