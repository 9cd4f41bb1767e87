// The container: files of the reference implementation, our own files, and every way a header can lie.

import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CheckpointError } from '../errors.ts'
import { encodeSafetensors } from '../tensor/safetensors.ts'
import { bytesPerElement, type DType, type Tensor, tensor } from '../tensor/tensor.ts'
import { DTYPE_OF, decodeSafetensors, headerLength, parseHeader } from './safetensors.ts'

const FIXTURES = new URL('../../test/fixtures/', import.meta.url)

/** A file with the given header, an object or raw text, and `dataBytes` zeros. */
function build(header: unknown, dataBytes = 0): Uint8Array {
  const json = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header))
  const file = new Uint8Array(8 + json.length + dataBytes)
  new DataView(file.buffer).setBigUint64(0, BigInt(json.length), true)
  file.set(json, 8)
  return file
}

const entry = (dtype: string, shape: unknown, begin: unknown, end: unknown) => ({ dtype, shape, data_offsets: [begin, end] })
const encode = (...args: Parameters<typeof encodeSafetensors>) => new Uint8Array(Buffer.concat(encodeSafetensors(...args)))
const decode = (file: Uint8Array) => decodeSafetensors(file, 'unet.safetensors')

function messageOf(file: Uint8Array): string {
  try {
    decode(file)
  } catch (error) {
    expect(error).toBeInstanceOf(CheckpointError)
    return (error as CheckpointError).message
  }
  return 'no error'
}

it('reads files of the reference implementation', () => {
  const { tensors, metadata } = decode(readFileSync(new URL('checkpoints/odd/text_encoder/model.safetensors', FIXTURES)))
  expect(metadata.get('format')).toBe('pt')
  expect(tensors.size).toBe(36)
  const embedding = tensors.get('embeddings.token_embedding.weight')!
  expect([embedding.dtype, embedding.shape]).toEqual(['float32', [668, 24]])
  expect((embedding.data as Float32Array).every((value) => Math.abs(value) < 10)).toBe(true)
})

it('reads values at unaligned offsets', () => {
  const file = build(`${JSON.stringify({ a: entry('F32', [1], 0, 4), b: entry('BF16', [], 4, 6) })}${' '.repeat(3)}`, 6)
  new DataView(file.buffer).setFloat32(file.length - 6, 1.5, true)
  new DataView(file.buffer).setUint16(file.length - 2, 0x3f80, true)
  expect([...decode(file).tensors.values()]).toEqual([
    tensor('float32', [1], new Float32Array([1.5])),
    tensor('bfloat16', [], new Uint16Array([0x3f80])),
  ])
})

it('accepts an empty file, empty tensors and any __metadata__', () => {
  expect(decode(build({})).tensors.size).toBe(0)
  const file = build(
    { a: entry('F32', [0, 7], 0, 0), b: entry('F32', [2], 0, 8), c: entry('I64', [0], 8, 8), __metadata__: { n: 1, s: 'x' } },
    8,
  )
  expect([...decode(file).tensors.keys()]).toEqual(['a', 'b', 'c'])
  expect([...decode(file).metadata]).toEqual([['s', 'x']])
})

it('lists a tensor of an unknown dtype and refuses only to read it', () => {
  const file = build({ 'conv.weight': entry('F8_E4M3', [4], 0, 4) }, 4)
  const length = headerLength(file, file.length, 'unet.safetensors')
  const { tensors } = parseHeader(file.subarray(8, 8 + length), file.length, 'unet.safetensors')
  expect(tensors.get('conv.weight')).toMatchObject({ dtype: undefined, dtypeName: 'F8_E4M3', byteLength: 4 })
  expect(messageOf(file)).toBe(
    'unet.safetensors: tensor conv.weight is F8_E4M3; Kinora reads F64, F32, F16, BF16, I64, I32, I16, I8, U8, BOOL',
  )
})

describe('bad input', () => {
  const f32 = entry('F32', [2], 0, 8)
  const oversized = build({ w: f32 }, 8)
  new DataView(oversized.buffer).setBigUint64(0, 2n ** 62n, true)
  const longer = build({ w: f32 }, 8)
  new DataView(longer.buffer).setBigUint64(0, 5000n, true)
  const bytes = (text: string) => new TextEncoder().encode(text)

  it.each<[string, Uint8Array, string]>([
    ['too short', new Uint8Array(5), 'unet.safetensors has only 5 bytes, too few for a safetensors file; download it again'],
    [
      'an oversized header',
      oversized,
      'claims a header of 4611686018427387904 bytes, the limit is 100000000: it is damaged or not a safetensors file',
    ],
    ['a truncated header', longer, `claims a header of 5000 bytes but has ${longer.length} in all: it is truncated; download it again`],
    [
      'an LFS pointer',
      bytes('version https://git-lfs.github.com/spec/v1\n'),
      'unet.safetensors is a Git LFS pointer, not the file itself: run `git lfs pull`',
    ],
    ['a zip', bytes('PK\x03\x04            '), 'is a zip archive (a PyTorch file?), not safetensors: convert it'],
    ['a web page', bytes('<!DOCTYPE html>'), 'is a web page, not a file of tensors: download the file itself'],
    ['an empty header', build(''), 'unet.safetensors has no JSON header'],
    ['a header that is no object', build(' {}'), 'unet.safetensors has no JSON header'],
    ['bad JSON', build('{"w":'), 'the header of unet.safetensors is not JSON'],
    ['bad UTF-8', Uint8Array.from([2, 0, 0, 0, 0, 0, 0, 0, 0x7b, 0xff]), 'has a header that is not UTF-8'],
    [
      'a name twice',
      build(`{"w":${JSON.stringify(f32)},"\\u0077":${JSON.stringify(f32)}}`, 8),
      'unet.safetensors names w twice in its header',
    ],
    ['a field twice', build('{"w":{"dtype":"F32","dtype":"F32","shape":[2],"data_offsets":[0,8]}}', 8), 'names dtype twice'],
    ['no description', build({ w: 3 }), 'unet.safetensors: tensor w has no description'],
    ['no dtype', build({ w: { shape: [2], data_offsets: [0, 8] } }, 8), 'tensor w has no dtype'],
    ['a negative size', build({ w: entry('F32', [-2], 0, 8) }, 8), 'tensor w has shape [-2], not a list of non-negative integers'],
    ['a fractional size', build({ w: entry('F32', [0.5], 0, 8) }, 8), 'tensor w has shape [0.5], not a list'],
    ['a shape that is no list', build({ w: entry('F32', 'x', 0, 8) }, 8), 'tensor w has shape x, not a list'],
    ['a huge shape', build({ w: entry('F32', [2 ** 40, 2 ** 40, 0], 0, 8) }, 8), 'more elements than a file can hold'],
    ['no offsets', build({ w: { dtype: 'F32', shape: [2] } }, 8), 'tensor w has data_offsets nothing, not two non-negative integers'],
    ['one offset', build({ w: { dtype: 'F32', shape: [2], data_offsets: [0] } }, 8), 'tensor w has data_offsets [0], not two'],
    ['negative offsets', build({ w: entry('F32', [2], -8, 0) }, 8), 'tensor w has data_offsets [-8,0], not two non-negative integers'],
    ['reversed offsets', build({ w: entry('F32', [2], 8, 0) }, 8), 'tensor w ends at byte 0 before it begins at 8'],
    ['truncated data', build({ w: f32 }, 4), 'tensor w lies at bytes 62 to 70, past the end of the file at 66: it is truncated or damaged'],
    [
      'offsets beyond 2^53',
      build('{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,1e300]}}', 8),
      'tensor w has data_offsets [0,1e+300], not two',
    ],
    ['another size than the shape', build({ w: entry('F16', [2], 0, 8) }, 8), 'tensor w has 8 bytes, F16 [2] takes 4'],
    ['overlapping tensors', build({ v: f32, w: entry('F32', [2], 4, 12) }, 12), 'unet.safetensors: tensors v and w overlap at byte'],
    ['a hole', build({ v: f32, w: entry('F32', [2], 12, 20) }, 20), '4 bytes before tensor w belong to no tensor'],
    ['trailing bytes', build({ v: f32 }, 11), '3 bytes after the last tensor belong to no tensor'],
  ])('%s', (_, file, message) => {
    expect(messageOf(file)).toContain(message)
  })

  it('survives deep nesting', () => {
    const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`
    expect(messageOf(build(`{"w":{"dtype":"F32","data_offsets":[0,8],"shape":${deep}}}`, 8))).toContain('tensor w has shape [a list], not')
    expect(decode(build(`{"__metadata__":${deep}}`)).tensors.size).toBe(0)
  })

  it('keeps messages short whatever the header holds', () => {
    expect(messageOf(build({ ['x'.repeat(100_000)]: entry('F32', Array(50_000).fill(1), 0, 8) }, 8)).length).toBeLessThan(600)
  })
})

describe('fuzz', () => {
  const valid = encode(
    { a: tensor('float32', [2, 3]), 'b.weight': tensor('float16', [5]), c: tensor('int64', []), d: tensor('uint8', [0, 3]) },
    { format: 'pt' },
  )
  /** Decodes or throws a CheckpointError; never holds more than the file itself. */
  const survives = (file: Uint8Array) => {
    try {
      const { tensors } = decode(file)
      const sizes = [...tensors.values()].map(({ data }) => data.byteLength)
      expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(file.length)
    } catch (error) {
      if (!(error instanceof CheckpointError)) throw error
    }
  }

  it('survives changed bytes', () => {
    const change = fc.tuple(fc.nat(valid.length - 1), fc.integer({ min: 0, max: 255 }))
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 6 }), fc.nat(valid.length), (changes, length) => {
        const file = valid.slice()
        for (const [at, value] of changes) file[at] = value
        survives(file)
        survives(file.subarray(0, length))
      }),
      { numRuns: 2000 },
    )
  })

  it('survives any JSON and any bytes', () => {
    const offset = fc.oneof(fc.nat(16), fc.double(), fc.constant(2 ** 53))
    const description = fc.record({
      dtype: fc.oneof(fc.constantFrom(...DTYPE_OF.keys(), 'F4', '__proto__'), fc.string()),
      shape: fc.array(fc.oneof(fc.nat(4), fc.maxSafeInteger())),
      data_offsets: fc.tuple(offset, offset),
    })
    const header = fc.dictionary(fc.oneof(fc.string(), fc.constantFrom('__proto__', '__metadata__')), fc.oneof(description, fc.jsonValue()))
    fc.assert(
      fc.property(header, fc.nat(16), (json, data) => survives(build(json, data))),
      { numRuns: 1000 },
    )
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), survives), { numRuns: 1000 })
  })
})

describe('files of our own writer', () => {
  it('are read as they were, for every dtype', () => {
    const shapes = fc.array(fc.nat(4), { maxLength: 4 })
    const dtypes = fc.constantFrom<DType>(...DTYPE_OF.values())
    const metadata = fc.dictionary(fc.string(), fc.string())
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.tuple(dtypes, shapes)), metadata, (layout, given) => {
        const tensors = Object.fromEntries(Object.entries(layout).map(([name, [dtype, shape]]) => [name, filled(dtype, shape)]))
        const read = decode(encode(tensors, given))
        expect(Object.fromEntries(read.tensors)).toEqual(tensors)
        expect(Object.fromEntries(read.metadata)).toEqual(given)
      }),
      { numRuns: 200 },
    )
  })

  it('align the data to 8 bytes and every tensor to its elements', () => {
    const file = encode({
      a: tensor('uint8', [3]),
      b: tensor('float64', [1]),
      c: tensor('float16', [1]),
      d: tensor('float32', [1]),
    })
    const length = headerLength(file, file.length, 'x')
    expect(length % 8).toBe(0)
    const { tensors } = parseHeader(file.subarray(8, 8 + length), file.length, 'x')
    for (const { byteOffset, dtype } of tensors.values()) expect(byteOffset % bytesPerElement(dtype!)).toBe(0)
  })

  function filled(dtype: DType, shape: number[]): Tensor {
    const value = tensor(dtype, shape)
    for (let i = 0; i < value.data.length; i++) value.data[i] = dtype === 'int64' ? BigInt(-i) : i + 1
    return value
  }
})
