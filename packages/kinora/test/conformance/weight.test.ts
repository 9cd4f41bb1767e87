// Weights as the engine sees them: whole, by rows, in another shape and dtype, and with every form of an
// adapter's change merged in. Expected values are computed here in double precision.

import { afterAll, describe, expect, test } from 'vitest'
import { type WeightDelta, type WeightEntry, Weights } from '../../src/checkpoint/weights.ts'
import { weight, weightRows } from '../../src/models/nn/weight.ts'
import { Graph, type Value } from '../../src/onnx/graph.ts'
import { encodeModel } from '../../src/onnx/model.ts'
import { openLocalEngine } from '../../src/runtime/local-engine.node.ts'
import { decodeFloat16, encodeFloat16 } from '../../src/tensor/half.ts'
import { elementCount } from '../../src/tensor/tensor.ts'

const engine = openLocalEngine()
afterAll(() => engine.dispose())

type Numbers = readonly number[]

/** Numbers without a pattern that a wrong order could hide behind, exact in half precision. */
const values = (count: number, seed: number): number[] => Array.from({ length: count }, (_, i) => (((i * 37 + seed * 101) % 127) - 63) / 32)

function entry(shape: Numbers, data: Numbers, dtype: 'float32' | 'float16' = 'float32'): WeightEntry {
  const stored = dtype === 'float32' ? Float32Array.from(data) : encodeFloat16(Float32Array.from(data))
  const bytes = new Uint8Array(stored.buffer)
  return { dtype, shape, path: '/none', byteOffset: 0, byteLength: bytes.length, data: bytes }
}

async function compute(base: WeightEntry, build: (g: Graph, w: Weights) => Value): Promise<number[]> {
  const g = Graph.create('weight')
  g.output('y', build(g, Weights.from(new Map([['layer.weight', base]])).at('layer')))
  const session = await engine.createSession(encodeModel(g))
  const { y } = await session.run({})
  await session.release()
  return Array.from(y!.data as Float32Array)
}

const whole = (base: WeightEntry, as?: Numbers) => compute(base, (g, w) => weight(g, w, 'weight', base.shape, as))
const rows = (base: WeightEntry, start: number, end: number) => compute(base, (g, w) => weightRows(g, w, 'weight', base.shape, start, end))

/** up [m, r] x down [r, n] */
function product(up: Numbers, down: Numbers, m: number, r: number, n: number): number[] {
  return Array.from({ length: m * n }, (_, at) => {
    const [row, column] = [Math.floor(at / n), at % n]
    return Array.from({ length: r }, (__, k) => up[row * r + k]! * down[k * n + column]!).reduce((a, b) => a + b, 0)
  })
}

const plus = (base: Numbers, change: Numbers, scale: number) => base.map((value, i) => value + scale * change[i]!)

function expectClose(got: Numbers, want: Numbers): void {
  expect(got.length).toBe(want.length)
  for (const [i, value] of want.entries()) expect(Math.abs(got[i]! - value), `element ${i}`).toBeLessThan(1e-5)
}

const [O, I, K, R] = [6, 4, 3, 2]
const LINEAR = values(O * I, 1)
const [UP, DOWN] = [values(O * R, 2), values(R * I, 3)]
const lowRank = (scale: number): WeightDelta => ({ scale, up: entry([O, R], UP), down: entry([R, I], DOWN) })

describe.each(['float32', 'float16'] as const)('a %s weight', (dtype) => {
  test('whole, by rows and in another shape', async () => {
    const base = entry([O, I], LINEAR, dtype)
    expect(await whole(base)).toEqual(LINEAR)
    expect(await whole(base, [I, O])).toEqual(LINEAR)
    expect(await rows(base, 2, 5)).toEqual(LINEAR.slice(2 * I, 5 * I))
  })

  test('plus a product of low rank', async () => {
    const base = entry([O, I], LINEAR, dtype)
    const want = plus(LINEAR, product(UP, DOWN, O, R, I), 0.75)
    expectClose(await whole({ ...base, deltas: [lowRank(0.75)] }), want)
    expectClose(await rows({ ...base, deltas: [lowRank(0.75)] }, 1, 4), want.slice(I, 4 * I))
  })
})

test('several adapters add up, of any rank, sign and dtype', async () => {
  const [up, down] = [values(O, 4), values(I, 5)]
  const half: WeightDelta = { scale: -2, up: entry([O, 1], up, 'float16'), down: entry([1, I], down, 'float16') }
  const dense: WeightDelta = { scale: 0.5, dense: entry([O, I], values(O * I, 6)) }
  const deltas = [lowRank(1), half, dense]
  const want = plus(plus(plus(LINEAR, product(UP, DOWN, O, R, I), 1), product(up, down, O, 1, I), -2), values(O * I, 6), 0.5)
  expectClose(await whole({ ...entry([O, I], LINEAR), deltas }), want)
  expectClose(await rows({ ...entry([O, I], LINEAR), deltas }, 3, 6), want.slice(3 * I))
})

test('a convolution takes the product of flattened kernels, in the shape that is asked for', async () => {
  const base = values(O * I * K, 7)
  const down = values(R * I * K, 8)
  const deltas: WeightDelta[] = [{ scale: 1, up: entry([O, R], UP), down: entry([R, I * K], down) }]
  const got = await whole({ ...entry([O, I, K, 1, 1], base), deltas }, [O, I, K, 1])
  expectClose(got, plus(base, product(UP, down, O, R, I * K), 1))
})

test('an embedding takes the transposed product', async () => {
  // up is stored [R, T], down [D, R]: the change of the table [T, D] is (down x up) transposed.
  const [T, D] = [O, I]
  const [stored, other] = [values(R * T, 9), values(D * R, 10)]
  const deltas: WeightDelta[] = [{ scale: 2, up: entry([R, T], stored), down: entry([D, R], other), transposed: true }]
  const untransposed = product(other, stored, D, R, T)
  const change = Array.from({ length: T * D }, (_, at) => untransposed[(at % D) * T + Math.floor(at / D)]!)
  expectClose(await whole({ ...entry([T, D], LINEAR), deltas }), plus(LINEAR, change, 2))
  expectClose(await rows({ ...entry([T, D], LINEAR), deltas }, 0, 2), plus(LINEAR, change, 2).slice(0, 2 * D))
})

describe("stable_lora's convolutions", () => {
  const [up, down] = [values(O * K * R * K, 11), values(R * K * I * K, 12)]
  const delta: WeightDelta = { scale: 0.5, up: entry([O * K, R * K], up), down: entry([R * K, I * K], down) }
  const blocks = product(up, down, O * K, R * K, I * K)

  test('a square kernel is the product read in order', async () => {
    const base = values(O * I * K * K, 13)
    const got = await whole({ ...entry([O, I, K, K], base), deltas: [delta] })
    expectClose(got, plus(base, blocks, 0.5))
  })

  test('a temporal kernel is its mean over the last K', async () => {
    const base = values(O * I * K, 14)
    const mean = Array.from({ length: base.length }, (_, i) => (blocks[3 * i]! + blocks[3 * i + 1]! + blocks[3 * i + 2]!) / 3)
    const layer = { ...entry([O, I, K, 1, 1], base), deltas: [delta] }
    expectClose(await whole(layer, [O, I, K, 1]), plus(base, mean, 0.5))
    expectClose(await rows(layer, 2, 4), plus(base, mean, 0.5).slice(2 * I * K, 4 * I * K))
  })
})

test('a bias takes a change, or moves towards a whole one', async () => {
  const [bias, other] = [values(O, 15), values(O, 16)]
  const change: WeightDelta = { scale: 2, dense: entry([O], other, 'float16') }
  expectClose(await whole({ ...entry([O], bias), deltas: [change] }), plus(bias, other, 2))
  const replaced: WeightDelta = { scale: 0.25, dense: entry([O], other), whole: true }
  expectClose(
    await whole({ ...entry([O], bias), deltas: [replaced] }),
    bias.map((value, i) => value + 0.25 * (other[i]! - value)),
  )
  expectClose(await rows({ ...entry([O], bias), deltas: [{ ...replaced, scale: 1 }] }, 2, 5), other.slice(2, 5))
})

test('values are exact in half precision, so that the tests above compare like with like', () => {
  const data = Float32Array.from(values(elementCount([200]), 17))
  expect(decodeFloat16(encodeFloat16(data))).toEqual(data)
})
