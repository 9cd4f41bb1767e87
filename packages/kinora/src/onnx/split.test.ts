// A graph in parts against the whole one: random graphs with loops, shared constants and far-reaching
// values, cut anywhere and run part by part on ONNX Runtime, give the very same numbers.

import fc from 'fast-check'
import * as ort from 'onnxruntime-node'
import { describe, expect, test } from 'vitest'
import { tensor } from '../tensor/tensor.ts'
import { Graph, type Value } from './graph.ts'
import { encodeModel } from './model.ts'
import * as op from './ops.ts'
import { balancedCuts, splitGraph } from './split.ts'
import { verifyGraph } from './verify.ts'

type Tensors = Record<string, ort.Tensor>

const SIZE = 4
const matrix = (seed: number) =>
  tensor(
    'float32',
    [SIZE, SIZE],
    Float32Array.from({ length: SIZE * SIZE }, (_, i) => Math.sin(seed + i)),
  )

/** Not optimized: ONNX Runtime's joining of equal nodes loses one of two that are both results. */
async function run(graph: Graph, feeds: Tensors): Promise<Tensors> {
  const session = await ort.InferenceSession.create(encodeModel(graph), { graphOptimizationLevel: 'disabled' })
  const results = await session.run(feeds)
  await session.release()
  return results
}

/** Runs parts in order; every part finds its inputs among the feeds and the outputs of those before it. */
async function runParts(parts: readonly Graph[], feeds: Tensors): Promise<Tensors> {
  const values: Tensors = { ...feeds }
  for (const part of parts) {
    const own = Object.fromEntries(part.inputs.map(({ name }) => [name, values[name]!]))
    Object.assign(values, await run(part, own))
  }
  return values
}

/** A value that depends on no input, as cast and merged weights do. */
const constant = (g: Graph, seed: number) =>
  g.once(`constant ${seed}`, (root) => op.Mul(root, root.constant(matrix(seed)), root.scalar(1 / (seed + 2))))

/** One node, or one loop, of earlier values [4, 4] picked by `pick`. */
function grow(g: Graph, kind: number, pick: (index: number) => Value, seed: number): Value {
  if (kind === 0) return op.Add(g, pick(0), pick(1))
  if (kind === 1) return op.Mul(g, pick(0), constant(g, seed))
  if (kind === 2) return op.MatMul(g, pick(0), op.Transpose(g, pick(1), [1, 0]))
  if (kind === 3) return op.Reshape(g, op.Reshape(g, pick(0), [2, 2, SIZE]), [SIZE, SIZE])
  const [outer, inner] = [pick(1), constant(g, seed)]
  return op.Scan(g, [pick(0)], (body, [slice]) => {
    const row = op.Reshape(body, slice!, [1, SIZE])
    return op.Reshape(body, op.Add(body, op.MatMul(body, row, outer), op.MatMul(body, row, inner)), [SIZE])
  })
}

interface Step {
  kind: number
  from: [number, number]
  seed: number
  mark: boolean
  output: boolean
}

const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.nat(4),
  from: fc.tuple(fc.nat(50), fc.nat(50)),
  seed: fc.nat(2),
  mark: fc.boolean(),
  output: fc.nat(4).map((n) => n === 0),
})

function build(steps: readonly Step[]): Graph {
  const g = Graph.create('random')
  const values = [g.input('a', 'float32', [SIZE, SIZE]), g.input('b', 'float32', [SIZE, SIZE])]
  for (const [i, { kind, from, seed, mark, output }] of steps.entries()) {
    if (mark) g.mark(`mark ${i}`)
    values.push(grow(g, kind, (index) => values[from[index]! % values.length]!, seed))
    if (output) g.output(`y${i}`, values.at(-1)!)
  }
  g.output('last', values.at(-1)!)
  return g
}

describe('splitGraph', () => {
  test('parts, run one after the other, give what the whole gives', async () => {
    const feeds = Object.fromEntries(['a', 'b'].map((name, i) => [name, new ort.Tensor('float32', matrix(i + 10).data, [SIZE, SIZE])]))
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
        const graph = build(steps)
        const marks = graph.marks.map(({ name }) => name)
        const parts = splitGraph(graph, marks)
        expect(parts.length).toBeLessThanOrEqual(marks.length + 1)
        for (const part of parts) expect(verifyGraph(part)).toEqual([])
        const whole = await run(graph, feeds)
        const pieced = await runParts(parts, feeds)
        for (const name of Object.keys(whole)) expect(pieced[name]!.data).toEqual(whole[name]!.data)
      }),
      { numRuns: 25 },
    )
  })

  /** x -> * weight -> mark -> + the product before, * the same weight -> y; early = x + 1 before the mark. */
  function example(): Graph {
    const g = Graph.create('example')
    const x = g.input('x', 'float32', [2])
    const half = g.external('half', 'float16', [2], { path: '/w', byteOffset: 0, byteLength: 4 })
    const weight = op.Cast(g, half, 'float32')
    const first = op.Mul(g.at('first'), x, weight)
    g.output('early', op.Add(g, x, g.scalar(1)))
    g.mark('second')
    g.output('y', op.Mul(g.at('second'), op.Add(g.at('second'), first, first), weight))
    return g
  }

  test('casts of weights are repeated, everything else crosses under its own name', () => {
    const [first, second] = splitGraph(example(), ['second'])
    const names = (values: Iterable<{ name: string }>) => [...values].map(({ name }) => name)
    expect(names(first!.inputs)).toEqual(['x'])
    expect(names(first!.outputs)).toEqual(['first/Mul', 'early'])
    expect(names(second!.inputs)).toEqual(['first/Mul'])
    expect(names(second!.outputs)).toEqual(['y'])
    expect(first!.nodes.map(({ opType }) => opType)).toEqual(['Cast', 'Mul', 'Add', 'Identity'])
    expect(second!.nodes.map(({ opType }) => opType)).toEqual(['Cast', 'Add', 'Mul', 'Identity'])
    expect([...second!.initializers.keys()]).toEqual(['half'])
  })

  test('without a cut it is the same graph', () => {
    expect(splitGraph(example(), []).map(encodeModel)).toEqual([encodeModel(example())])
  })

  test('unknown marks and outputs read behind a cut are RangeErrors', () => {
    expect(() => splitGraph(example(), ['third'])).toThrow(/no mark "third"; its marks are second/)
    const g = example()
    g.mark('late')
    g.output('z', op.Add(g, g.outputs[0]!, g.scalar(1)))
    expect(() => splitGraph(g, ['late'])).toThrow(RangeError)
  })
})

describe('balancedCuts', () => {
  /** A chain of products, each with a weight of so many kilobytes in memory, and a mark before each but the first. */
  function chain(kilobytes: readonly number[], dtype: 'float32' | 'float16' = 'float32'): Graph {
    const g = Graph.create('chain')
    let x = g.input('x', 'float32', [1, 2])
    for (const [i, size] of kilobytes.entries()) {
      if (i > 0) g.mark(`${i}`)
      const shape = [size * 128, 2]
      const source = { path: '/w', byteOffset: 0, byteLength: size * 256 * (dtype === 'float32' ? 4 : 2) }
      const stored = g.external(`w${i}`, dtype, shape, source)
      x = op.Slice(g, op.Add(g, x, dtype === 'float32' ? stored : op.Cast(g, stored, 'float32')), 0, 0, 1)
    }
    g.output('y', x)
    return g
  }

  test('the heaviest part is as light as can be', () => {
    expect(balancedCuts(chain([4, 1, 1, 1, 1]), 2)).toEqual(['1'])
    expect(balancedCuts(chain([1, 1, 1, 1, 4]), 2)).toEqual(['4'])
    expect(balancedCuts(chain([3, 3, 3, 3, 3, 3]), 3)).toEqual(['2', '4'])
    expect(balancedCuts(chain([3, 3, 3, 3, 3, 3], 'float16'), 3)).toEqual(['2', '4'])
  })

  test('never more parts than asked for or than marks allow', () => {
    expect(balancedCuts(chain([1, 2, 3]), 1)).toEqual([])
    expect(balancedCuts(chain([1, 1, 3]), 10)).toEqual(['2'])
    const sizes = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 8 })
    fc.assert(
      fc.property(sizes, fc.integer({ min: 1, max: 9 }), (kilobytes, count) => {
        const cuts = balancedCuts(chain(kilobytes), count)
        expect(cuts.length).toBeLessThan(count)
        const starts = [0, ...cuts.map(Number)]
        const parts = starts.map((start, k) => kilobytes.slice(start, starts[k + 1]).reduce((a, b) => a + b, 0))
        const mean = kilobytes.reduce((a, b) => a + b, 0) / count
        expect(Math.max(...parts)).toBeLessThanOrEqual(mean + Math.max(...kilobytes))
      }),
    )
  })
})
