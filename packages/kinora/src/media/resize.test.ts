// Against Pillow and diffusers themselves: test/fixtures/media/resize.* hold their results.

import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { readJson } from '../../test/support/json.ts'
import { fixture, readSafetensors } from '../../test/support/safetensors.ts'
import { ArgumentError } from '../errors.ts'
import { type Tensor, tensor } from '../tensor/tensor.ts'
import { fitFrames } from './fit.ts'
import { interpolateFrames, nearestPlaces, preprocessVideo } from './preprocess.ts'
import { type ResampleFilter, resampleTaps } from './resample.ts'
import { type FrameSize, type Frames, resizeFrames, toBytes } from './resize.ts'

const FILTERS: readonly ResampleFilter[] = ['nearest', 'box', 'bilinear', 'hamming', 'bicubic', 'lanczos']
const STORED = readSafetensors(fixture('media/resize.safetensors'))
const { cases, pairs, nearest, digests, fits } = readJson<{
  cases: FrameSize[]
  pairs: [number, number][]
  nearest: { pillow: string; torch: string }
  digests: Record<string, string>
  fits: FrameSize[]
}>('media/resize.json')

function stored(name: string): Frames {
  return STORED.get(name) as Frames
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function toFloats({ shape, data }: Tensor): Tensor<'float32'> {
  return tensor(
    'float32',
    shape,
    Float32Array.from(data as Uint8Array, (byte) => byte / 255),
  )
}

describe.each(FILTERS)('%s', (filter) => {
  test.each(cases.map((size, index) => [index, size] as const))('case %d, to %o, is bit-equal to Pillow', (index, size) => {
    const expected = stored(`out${index}.${filter}`)
    const source = stored(`in${index}`)
    const resized = resizeFrames(source, size, filter)
    expect(resized.shape).toEqual(expected.shape)
    expect(resized.data).toEqual(expected.data)
    const floats = resizeFrames(toFloats(source), size, filter)
    expect(floats).toEqual(toFloats(expected))
  })
})

test.each(Object.entries(digests))('large frames by %s are bit-equal to Pillow', (name, digest) => {
  const source = tensor('uint8', [1, 320, 576, 3])
  let state = 1
  for (let at = 0; at < source.data.length; at++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    source.data[at] = state >>> 24
  }
  const [filter, size = ''] = name.split(' ')
  const [width = 0, height = 0] = size.split('x').map(Number)
  expect(sha256(resizeFrames(source, { width, height }, filter as ResampleFilter).data)).toBe(digest)
})

test('nearest takes the places that Pillow takes, interpolation those of torch', () => {
  const digest = (places: (from: number, to: number) => Int32Array) =>
    sha256(new Uint8Array(Int16Array.from(pairs.flatMap(([from, to]) => [...places(from, to)])).buffer))
  expect(digest((from, to) => resampleTaps(from, to, 'nearest').first)).toBe(nearest.pillow)
  expect(digest(nearestPlaces)).toBe(nearest.torch)
})

test('every frame of a batch is resized, none is mixed with its neighbour', () => {
  const clip = stored('clip')
  const one = (index: number) => tensor('uint8', [1, 21, 27, 3], clip.data.slice(index * 1701, (index + 1) * 1701) as Uint8Array)
  const all = resizeFrames(tensor('uint8', [1, 3, 21, 27, 3], clip.data as Uint8Array), { width: 16, height: 40 })
  expect(all.shape).toEqual([1, 3, 40, 16, 3])
  for (const index of [0, 1, 2]) {
    expect(all.data.slice(index * 1920, (index + 1) * 1920)).toEqual(resizeFrames(one(index), { width: 16, height: 40 }).data)
  }
})

test('frames that have the size come back as they are', () => {
  const soft = stored('soft')
  expect(resizeFrames(soft, { width: 24, height: 16 })).toBe(soft)
})

test('floats are rounded to bytes as diffusers does', () => {
  const { data } = stored('soft')
  expect(toBytes(data as Float32Array, new Uint8ClampedArray(data.length))).toEqual(stored('soft.bytes').data)
})

describe('preprocessVideo', () => {
  test.each([
    ['pictures', 'clip', {}, 'pre.pil'],
    ['pictures of a given size, rounded down', 'clip', { height: 33, width: 16 }, 'pre.pil.sized'],
    ['arrays', 'clip', { filter: 'interpolate' }, 'pre.numpy'],
    ['arrays of a given size', 'clip', { filter: 'interpolate', height: 33, width: 16 }, 'pre.numpy.sized'],
    ['floats that need no resizing', 'soft', {}, 'pre.soft'],
  ] as const)('%s are as VideoProcessor makes them, bit for bit', (_, input, options, expected) => {
    const want = STORED.get(expected)!
    const made = preprocessVideo(stored(input), options)
    expect(made.shape).toEqual(want.shape)
    expect(made.data).toEqual(want.data)
    if (input === 'clip') expect(preprocessVideo(toFloats(stored(input)), options)).toEqual(made)
  })

  test('a batch keeps its axis', () => {
    const { data } = stored('clip')
    const twice = tensor('uint8', [2, 3, 21, 27, 3], Uint8Array.from([...data, ...data]))
    const made = preprocessVideo(twice, { filter: 'interpolate', scaleFactor: 3 })
    expect(made.shape).toEqual([2, 3, 3, 21, 27])
    expect(made.data.slice(0, 5103)).toEqual(made.data.slice(5103))
    expect(interpolateFrames(twice, { width: 27, height: 21 })).toEqual(toFloats(twice))
  })

  test.each([
    ['values below 0', tensor('float32', [1, 8, 8, 3], new Float32Array(192).fill(-0.5)), {}, /\[0, 1\], got -0.5/],
    ['values that are no numbers', tensor('float32', [1, 8, 8, 3], new Float32Array(192).fill(Number.NaN)), {}, /got NaN/],
    ['frames smaller than the factor', tensor('uint8', [1, 7, 8, 3]), {}, /8x7 are too small/],
    ['a size of 0', tensor('uint8', [1, 8, 8, 3]), { width: 0 }, /too small/],
    ['a factor of 0', tensor('uint8', [1, 8, 8, 3]), { scaleFactor: 0 }, /scaleFactor is 0/],
    ['a picture without frames axis', tensor('uint8', [8, 8, 3]), {}, /\[F, H, W, 3\]/],
  ])('%s are refused', (_, frames, options, words) => {
    expect(() => preprocessVideo(frames, options)).toThrow(ArgumentError)
    expect(() => preprocessVideo(frames, options)).toThrow(words)
  })
})

describe('fitFrames', () => {
  const first = tensor('uint8', [1, 21, 27, 3], stored('clip').data.slice(0, 1701) as Uint8Array)

  test.each(fits.map((size, index) => [index, size] as const))('cover, case %d %o, is what diffusers crops', (index, size) => {
    expect(fitFrames(first, size, 'cover')).toEqual(stored(`fit${index}.cover`))
  })

  test('contain shows the whole picture between black bars', () => {
    const fitted = fitFrames(first, { width: 54, height: 84 }, 'contain')
    const whole = resizeFrames(first, { width: 54, height: 42 }, 'lanczos')
    expect(fitted.shape).toEqual([1, 84, 54, 3])
    expect(fitted.data.subarray(21 * 54 * 3, 63 * 54 * 3)).toEqual(whole.data)
    const bars = [...fitted.data.subarray(0, 21 * 54 * 3), ...fitted.data.subarray(63 * 54 * 3)]
    expect(bars.every((value) => value === 0)).toBe(true)
  })

  test('the reference stretches, so that is the default', () => {
    const size = { width: 16, height: 40 }
    expect(fitFrames(first, size)).toEqual(resizeFrames(first, size, 'lanczos'))
    expect(fitFrames(first, { width: 27, height: 21 }, 'cover')).toBe(first)
  })

  test('an unknown mode is refused', () => {
    expect(() => fitFrames(first, { width: 8, height: 8 }, 'fill' as 'cover')).toThrow(/stretch, cover or contain/)
  })
})

test.each([
  ['no frames', tensor('uint8', [0, 8, 8, 3]), { width: 8, height: 9 }],
  ['four channels', tensor('uint8', [1, 8, 8, 4]), { width: 8, height: 9 }],
  ['a width of 0', tensor('uint8', [1, 8, 8, 3]), { width: 0, height: 8 }],
  ['half a pixel', tensor('uint8', [1, 8, 8, 3]), { width: 8.5, height: 8 }],
  ['a side over the limit', tensor('uint8', [1, 8, 8, 3]), { width: 8, height: 16_385 }],
] as const)('%s is refused', (_, frames, size) => {
  expect(() => resizeFrames(frames, size)).toThrow(ArgumentError)
})

test('an unknown filter is refused with the known ones', () => {
  expect(() => resizeFrames(tensor('uint8', [1, 8, 8, 3]), { width: 8, height: 9 }, 'area' as 'box')).toThrow(/nearest, box, bilinear/)
})
