import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { expectTensor, fixture, readSafetensors } from '../../test/support/safetensors.ts'
import { ArgumentError } from '../errors.ts'
import { decodeBfloat16, decodeFloat16 } from './half.ts'
import { type FloatDType, Generator, randn, randomSeed } from './random.ts'

interface Case {
  seed: string
  n: number
  draws: number
  dtype: FloatDType
  tensor: string
}

const { cases } = JSON.parse(readFileSync(fixture('expected/randn.json'), 'utf8')) as { cases: Case[] }
const tensors = readSafetensors(fixture('expected/randn.safetensors'))

function numbers(n: number, generator: Generator, dtype: FloatDType): number[] {
  const { data } = randn([n], generator, dtype)
  if (dtype === 'float16') return [...decodeFloat16(data as Uint16Array)]
  if (dtype === 'bfloat16') return [...decodeBfloat16(data as Uint16Array)]
  return [...(data as Float32Array)]
}

function worstRelativeError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  expect(actual.length).toBe(expected.length)
  let worst = 0
  for (let i = 0; i < expected.length; i++) worst = Math.max(worst, Math.abs(actual[i]! - expected[i]!) / Math.abs(expected[i]!))
  return worst
}

describe('randn against torch', () => {
  it.each(cases)('seed $seed, $n elements, $dtype', ({ seed, n, draws, dtype, tensor: name }) => {
    const generator = new Generator(BigInt(seed))
    const actual = Array.from({ length: draws }, () => numbers(n, generator, dtype)).flat()
    const expected = expectTensor(tensors, name, dtype === 'float32' ? 'float32' : 'float64')
    expect(worstRelativeError(actual, expected.data)).toBeLessThan(1e-6)
  })

  it('a whole latent video', () => {
    const { data } = randn([1, 4, 16, 32, 32], new Generator(3))
    const kept: number[] = []
    for (let c = 0; c < 4; c++)
      for (let f = 0; f < 16; f += 5)
        for (let y = 0; y < 32; y += 7) for (let x = 0; x < 32; x += 7) kept.push(data[((c * 16 + f) * 32 + y) * 32 + x]!)
    expect(worstRelativeError(kept, expectTensor(tensors, 'big', 'float32').data)).toBeLessThan(1e-6)
  })

  it('keeps the second of a pair across a long draw of another kind', () => {
    const generator = new Generator(3)
    expect([...randn([3], generator).data]).toEqual([0.8032760620117188, 0.17483338713645935, 0.08897809684276581])
    randn([16], generator)
    expect([...randn([1], generator).data]).toEqual([-0.6137180328369141])
    expect(worstRelativeError(randn([2], generator, 'float64').data, [-0.864635562911604, 0.29896084440536186])).toBeLessThan(1e-14)
  })

  it('draws nothing for an empty shape', () => {
    const generator = new Generator(3)
    expect(randn([0, 4], generator).data).toHaveLength(0)
    expect(randn([], generator).data[0]).toBe(Math.fround(0.8032760620117188))
  })
})

describe('Generator', () => {
  it.each([
    [-5, 18446744073709551611n],
    [-(2n ** 63n), 2n ** 63n],
    [2n ** 64n - 1n, 2n ** 64n - 1n],
    [2 ** 32 + 5, 4294967301n],
  ])('seed %s is reported as %s', (given, seed) => {
    expect(new Generator(given).seed).toBe(seed)
  })

  it('only the low 32 bits of a seed choose the stream', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (seed) => {
        expect(randn([17], new Generator(seed))).toEqual(randn([17], new Generator(seed & 0xffffffffn)))
      }),
      { numRuns: 20 },
    )
  })

  it.each([0.5, Number.NaN, 2 ** 53, 2n ** 64n, -(2n ** 63n) - 1n])('refuses the seed %s', (seed) => {
    expect(() => new Generator(seed)).toThrow(ArgumentError)
  })
})

it('refuses a shape that is not of whole numbers', () => {
  for (const shape of [[1.5, 2], [-1], [Number.NaN]]) expect(() => randn(shape, new Generator(0))).toThrow(ArgumentError)
})

it('random seeds are whole, in [0, 2^31), and differ', () => {
  const seeds = Array.from({ length: 100 }, randomSeed)
  expect(seeds.every((seed) => Number.isInteger(seed) && seed >= 0 && seed < 2 ** 31)).toBe(true)
  expect(new Set(seeds).size).toBeGreaterThan(95)
})
