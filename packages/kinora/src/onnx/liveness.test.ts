// The walk over graphs small enough to count by hand.

import { describe, expect, test } from 'vitest'
import { tensor } from '../tensor/tensor.ts'
import type { Value } from './graph.ts'
import { Graph } from './graph.ts'
import { graphMemory } from './liveness.ts'
import { Add, Cast, Concat, Conv, Mul, MultiHeadAttention, Reshape, Scan, Transpose } from './ops.ts'

const KIB = 1024

/** Activations of a graph of one input; a tensor [256] takes 1 KiB. */
function activations(shape: number[], build: (g: Graph, x: Value) => Value): number {
  const g = Graph.create('test')
  g.output('y', build(g, g.input('x', 'float32', shape)))
  return graphMemory(g).activations
}

const turned = (g: Graph, x: Value) => Transpose(g, x, [1, 0])
const zeros = (g: Graph, shape: number[]) => g.constant(tensor('float32', shape))

describe('activations', () => {
  test('a result lives from its node to its last reader', () => {
    expect(activations([16, 16], (g, x) => turned(g, turned(g, turned(g, x))))).toBe(2 * KIB)
  })

  test('a residual keeps its input alive', () => {
    const graph = (g: Graph, x: Value) => {
      const first = turned(g, x)
      return Add(g, Transpose(g, Concat(g, [turned(g, first), first], 0), [1, 0]), zeros(g, [16, 32]))
    }
    // Concat [32, 16] with both of its inputs, then the Transpose of it; Add writes over that.
    expect(activations([16, 16], graph)).toBe(4 * KIB)
  })

  test('elementwise results take their input place, unless it is read again', () => {
    const chain = (g: Graph, x: Value) => Mul(g, Add(g, turned(g, x), zeros(g, [])), zeros(g, []))
    expect(activations([16, 16], chain)).toBe(KIB)
    const again = (g: Graph, x: Value) => {
      const first = turned(g, x)
      return Mul(g, Add(g, first, zeros(g, [])), first)
    }
    expect(activations([16, 16], again)).toBe(2 * KIB)
  })

  test('a reshape is no copy', () => {
    expect(activations([16, 16], (g, x) => Reshape(g, Reshape(g, turned(g, x), [256]), [4, 64]))).toBe(KIB)
  })

  test('a dead buffer is kept for a later result of its shape, as ONNX Runtime plans it', () => {
    const graph = (g: Graph, x: Value) => {
      const small = turned(g, turned(g, x)) // one buffer dies with the second Transpose
      const large = turned(g, Concat(g, Array<Value>(4).fill(small), 0)) // [16, 64]
      return turned(g, Add(g, Transpose(g, Reshape(g, large, [64, 16]), [1, 0]), zeros(g, [16, 64])))
    }
    expect(activations([16, 16], graph)).toBeGreaterThanOrEqual(8 * KIB)
    const later = (g: Graph, x: Value) => {
      const waiting = turned(g, x) // [16, 16], read by the next node only
      const doubled = Concat(g, [waiting, waiting], 0)
      const again = Transpose(g, Concat(g, [doubled, doubled], 0), [1, 0]) // [16, 64], the first buffer idle
      return Concat(g, [turned(g, x), turned(g, turned(g, x)), again], 1)
    }
    expect(activations([16, 16], later)).toBe(1 * KIB + 1 * KIB + 4 * KIB + 6 * KIB)
  })

  test('a convolution copies its input and result into blocks and back', () => {
    const conv = (g: Graph, x: Value) => Conv(g, Transpose(g, x, [1, 0, 2, 3]), zeros(g, [16, 16, 1, 1]), undefined)
    const g = Graph.create('conv')
    g.output('y', conv(g, g.input('x', 'float32', [16, 1, 4, 4])))
    expect(graphMemory(g).activations).toBe(2 * KIB)
    expect(graphMemory(g, false).activations).toBe(2 * KIB)
    expect(graphMemory(g).constants).toBe(KIB)
  })

  test('of a loop, one turn is alive beside its whole result', () => {
    const loop = (g: Graph, x: Value) => Scan(g, [x], (body, [slice]) => turned(body, turned(body, slice!)))
    expect(activations([8, 16, 16], loop)).toBe(8 * KIB + 2 * KIB)
  })

  test('attention copies queries, keys and values', () => {
    const attention = (g: Graph, x: Value) => {
      const query = Transpose(g, x, [0, 2, 1])
      return MultiHeadAttention(g, query, query, query, { numHeads: 2 })
    }
    expect(activations([1, 16, 16], attention)).toBe(KIB + KIB + 3 * KIB)
  })
})

test('weights count as they are in memory, and their half-precision sources while they are loaded', () => {
  const g = Graph.create('test')
  const half = g.external('half', 'float16', [256], tensor('float16', [256]))
  const float = g.external('float', 'float32', [256], tensor('float32', [256]))
  g.output('y', Add(g, Mul(g, g.input('x', 'float32', [256]), Cast(g, half, 'float32')), float))
  expect(graphMemory(g)).toMatchObject({ constants: 2 * KIB, sources: KIB / 2, activations: KIB })
})
