import { expect, test } from 'vitest'
import { ArgumentError } from '../errors.ts'
import { tensor } from '../tensor/tensor.ts'
import { frameBytes, framesFromChunks, videoSize } from './frames.ts'

test('values become round(x * 255), clamped, NaN becomes 0', () => {
  const clip = tensor('float32', [1, 1, 2, 3], Float32Array.of(0, 1, 0.5, -1, 2, Number.NaN))
  expect([...frameBytes(clip, 0)]).toEqual([0, 255, 128, 0, 255, 0])
})

test('picks the frame asked for, with opaque alpha on request, into a given buffer', () => {
  const clip = tensor('float32', [2, 1, 1, 3], Float32Array.of(0, 0, 0, 1, 0.2, 0))
  const out = new Uint8ClampedArray(4)
  expect(frameBytes(clip, 1, 4, out)).toBe(out)
  expect([...out]).toEqual([255, 51, 0, 255])
})

test('every byte survives the way to floats and back', () => {
  const bytes = Uint8Array.from({ length: 256 * 3 }, (_, i) => i % 256)
  const clip = framesFromChunks([bytes.slice(0, 100), bytes.slice(100)], { frames: 1, height: 16, width: 16 })
  expect(clip.shape).toEqual([1, 16, 16, 3])
  expect([...frameBytes(clip, 0)]).toEqual([...bytes])
  expect(() => framesFromChunks([bytes], { frames: 2, height: 16, width: 16 })).toThrow(/need 1536 bytes, got 768/)
})

test.each([
  ['another dtype', tensor('uint8', [1, 2, 2, 3])],
  ['a missing axis', tensor('float32', [2, 2, 3])],
  ['channels first', tensor('float32', [1, 3, 2, 2])],
  ['no frames', tensor('float32', [0, 2, 2, 3])],
  ['no rows', tensor('float32', [1, 0, 2, 3])],
  ['a side over 8192', tensor('float32', [1, 1, 8193, 3])],
  ['data of another length', { dtype: 'float32' as const, shape: [1, 2, 2, 3], data: new Float32Array(5) }],
])('%s is refused', (_, clip) => {
  expect(() => videoSize(clip)).toThrow(ArgumentError)
})
