// Seeded normal noise, the same numbers as torch.randn on a CPU generator: which words are drawn, in
// which order, and where torch rounds. Not a general random library. Follows ATen's CPU normal kernel
// (DistributionTemplates.h) and CPUGeneratorImpl; the words come from mt19937.ts.

import { ArgumentError } from '../errors.ts'
import { log, sinCos } from './cephes.ts'
import { encodeBfloat16, encodeFloat16 } from './half.ts'
import { MT19937 } from './mt19937.ts'
import { elementCount, type Tensor, tensor } from './tensor.ts'

export type FloatDType = 'float64' | 'float32' | 'float16' | 'bfloat16'

/** A stream of random numbers. Every draw moves it on, so the order of draws is part of a seed's meaning. */
export class Generator {
  /** The seed as torch reports it: an integer in [0, 2^64). */
  readonly seed: bigint
  readonly #words: MT19937
  #spareNormal: number | undefined

  /** Takes an integer in [-2^63, 2^64); a negative one counts down from 2^64. Throws ArgumentError for anything else. */
  constructor(seed: number | bigint) {
    const whole = typeof seed === 'bigint' || Number.isSafeInteger(seed)
    if (!whole || seed < -(2n ** 63n) || seed >= 2n ** 64n)
      throw new ArgumentError(`seed ${seed} must be a whole number from -2^63 to 2^64 - 1 (a bigint beyond 2^53 - 1)`)
    this.seed = BigInt.asUintN(64, BigInt(seed))
    // Like torch, only the low 32 bits choose the stream.
    this.#words = new MT19937(Number(this.seed & 0xffffffffn))
  }

  /** Uniform in [0, 1) with 24 random bits, a float32. */
  uniform24(): number {
    return (this.#words.next() & 0xffffff) / 2 ** 24
  }

  /** Uniform in [0, 1) with 53 random bits, the high word drawn first. */
  uniform53(): number {
    const high = this.#words.next() & 0x1fffff
    return (high * 2 ** 32 + this.#words.next()) / 2 ** 53
  }

  /** One standard normal double. They come in pairs; the second waits here, across other draws, until it is asked for. */
  normal(): number {
    const spare = this.#spareNormal
    if (spare !== undefined) {
      this.#spareNormal = undefined
      return spare
    }
    const theta = 2 * Math.PI * this.uniform53()
    const radius = Math.sqrt(-2 * Math.log1p(-this.uniform53()))
    this.#spareNormal = radius * Math.sin(theta)
    return radius * Math.cos(theta)
  }
}

/**
 * Standard normal noise of `shape`, bit for bit torch.randn(shape, generator=..., dtype=...) of an x86 CPU in float32 and the
 * half dtypes (float64 to about 1e-15). Only the element count matters: below 16 and from 16 on are two methods.
 */
export function randn<D extends FloatDType>(shape: readonly number[], generator: Generator, dtype: D): Tensor<D>
export function randn(shape: readonly number[], generator: Generator): Tensor<'float32'>
export function randn(shape: readonly number[], generator: Generator, dtype: FloatDType = 'float32'): Tensor {
  const count = elementCount(shape)
  if (!Number.isSafeInteger(count) || shape.some((size) => !Number.isSafeInteger(size) || size < 0))
    throw new ArgumentError(`shape [${shape.join(', ')}] must hold whole numbers from 0 on`)
  switch (dtype) {
    case 'float64':
      return tensor(dtype, shape, fill(new Float64Array(count), generator, uniform53, boxMuller64, count))
    case 'float32':
      return tensor(dtype, shape, fill(new Float32Array(count), generator, uniform24, boxMuller32, count))
    case 'float16':
      return tensor(dtype, shape, encodeFloat16(fillBlocks(count, generator)))
    case 'bfloat16':
      return tensor(dtype, shape, encodeBfloat16(fillBlocks(count, generator)))
    default:
      throw new ArgumentError(`dtype ${String(dtype)} has no normal noise; take float32, float64, float16 or bfloat16`)
  }
}

/** A seed for those who do not care which: a whole number in [0, 2^31). */
export function randomSeed(): number {
  return globalThis.crypto.getRandomValues(new Uint32Array(1))[0]! >>> 1
}

/** The half dtypes compute in float32 and draw no uniform for elements outside the complete blocks of 16. */
function fillBlocks(count: number, generator: Generator): Float32Array {
  return fill(new Float32Array(count), generator, uniform24, boxMuller32, count - (count % 16))
}

type Floats = Float32Array | Float64Array

function fill<A extends Floats>(
  data: A,
  generator: Generator,
  uniform: (generator: Generator) => number,
  boxMuller: (data: A, start: number) => void,
  drawnFirst: number,
): A {
  if (data.length < 16) return draw(data, 0, data.length, generator, normal)
  draw(data, 0, drawnFirst, generator, uniform)
  for (let start = 0; start + 16 <= data.length; start += 16) boxMuller(data, start)
  if (data.length % 16 === 0) return data
  // An incomplete block is made complete by drawing the last sixteen afresh, over some that were done.
  const last = data.length - 16
  draw(data, last, data.length, generator, uniform)
  boxMuller(data, last)
  return data
}

function draw<A extends Floats>(data: A, start: number, end: number, generator: Generator, next: (generator: Generator) => number): A {
  for (let i = start; i < end; i++) data[i] = next(generator)
  return data
}

const normal = (generator: Generator): number => generator.normal()
const uniform24 = (generator: Generator): number => generator.uniform24()
const uniform53 = (generator: Generator): number => generator.uniform53()

/** Turns 16 uniforms in place into 16 normals: element j gives the radius and j + 8 the angle of the pair (j, j + 8). */
function boxMuller64(data: Float64Array, start: number): void {
  for (let j = start; j < start + 8; j++) {
    const radius = Math.sqrt(-2 * Math.log(1 - data[j]!))
    const theta = 2 * Math.PI * data[j + 8]!
    data[j] = radius * Math.cos(theta)
    data[j + 8] = radius * Math.sin(theta)
  }
}

const TWO_PI = Math.fround(2 * Math.PI)
const WAVES = new Float32Array(2)

function boxMuller32(data: Float32Array, start: number): void {
  for (let j = start; j < start + 8; j++) {
    const radius = Math.fround(Math.sqrt(-2 * log(1 - data[j]!)))
    sinCos(Math.fround(TWO_PI * data[j + 8]!), WAVES)
    data[j] = radius * WAVES[1]!
    data[j + 8] = radius * WAVES[0]!
  }
}
