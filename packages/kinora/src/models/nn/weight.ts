// Puts a checkpoint's tensors into a graph, in the type that it computes in: external initializers where they are
// stored in it, behind a Cast where they are not. What adapters add (Hu et al. 2021, "LoRA")
// is merged in the graph too. All of it is constant, so the engine computes it once, at load.

import type { LowRankDelta, Weight, WeightDelta, WeightEntry, Weights } from '../../checkpoint/weights.ts'
import type { Graph, Target, Value } from '../../onnx/graph.ts'
import { Add, Cast, Concat, GemmAdd, MatMul, Mul, Reshape, Slice, Transpose } from '../../onnx/ops.ts'
import { bytesPerElement, elementCount, tensor, tensorFromBytes } from '../../tensor/tensor.ts'
import { toTarget } from './edges.ts'

/** Rows of axis 0: [start, end). */
type Rows = readonly [number, number]

/** The tensor `name` below `w`, in the graph's type. `as` gives the same bytes another shape of equal size. */
export function weight(g: Graph, w: Weights, name: string, shape: readonly number[], as: readonly number[] = shape): Value {
  return merged(g, w.get(name, shape), [0, shape[0]!], as)
}

/** Rows start..end of axis 0 of a tensor: a contiguous part of its bytes, so nothing is copied. */
export function weightRows(g: Graph, w: Weights, name: string, shape: readonly number[], start: number, end: number): Value {
  return merged(g, w.get(name, shape), [start, end], [end - start, ...shape.slice(1)])
}

/** W plus what adapters add to it in float32: W + scale * up x down, and so on for each. Rows of it, in the shape `as`. */
function merged(g: Graph, source: Weight, rows: Rows, as: readonly number[]): Value {
  const { deltas = [], quantized } = source
  if (quantized) throw new RangeError(`${source.name} is ${source.dtype}, which this layer has no product for`)
  const [start, end] = rows
  const name = start === 0 && end === source.shape[0] ? source.name : `${source.name}[${start}:${end}]`
  if (deltas.length === 0) return place(g, name, rowsOf(source, rows), as, g.target.dtype)
  return g.once(`merged ${name} [${as}]`, (root) => {
    const scope = root.at(name)
    const matrix = [end - start, elementCount(source.shape.slice(1))]
    const base = place(scope, name, rowsOf(source, rows), matrix)
    const factors: Factors[] = []
    const changes: Value[] = []
    for (const [i, delta] of deltas.entries()) {
      const part = `${source.name}+${i}`
      if ('dense' in delta) changes.push(denseChange(scope, `${part}[${start}:${end}]`, delta, base, rows))
      else if (isPlainProduct(delta, source)) factors.push(lowRankFactors(scope, part, delta, rows))
      else changes.push(reshapedProduct(scope, part, delta, source, rows))
    }
    const sum = changes.reduce((total, change) => Add(scope, total, change), addProducts(scope, base, factors))
    return toTarget(scope, as.join() === matrix.join() ? sum : Reshape(scope, sum, as))
  })
}

interface Factors {
  /** [M, rank], scaled */
  up: Value
  /** [rank, N] */
  down: Value
}

/** base [M, N] + the sum of all up x down. One product over all ranks: every step of its own would hold one more copy of W while loading. */
function addProducts(g: Graph, base: Value, factors: readonly Factors[]): Value {
  if (factors.length === 0) return base
  const join = (values: Value[], axis: number) => (values.length === 1 ? values[0]! : Concat(g, values, axis))
  const up = join(
    factors.map((pair) => pair.up),
    1,
  )
  const down = join(
    factors.map((pair) => pair.down),
    0,
  )
  return GemmAdd(g, base, up, down)
}

/** Whether up x down has W's rows, so that rows of the product are rows of `up`. */
function isPlainProduct({ up, transposed }: LowRankDelta, w: WeightEntry): boolean {
  return up.shape[transposed ? 1 : 0] === w.shape[0]
}

function lowRankFactors(g: Graph, name: string, delta: LowRankDelta, rows?: Rows): Factors {
  const factor = (part: 'up' | 'down') => {
    const stored = place(g, `${name}.${part}`, delta[part], delta[part].shape)
    return delta.transposed ? Transpose(g, stored, [1, 0]) : stored
  }
  const up = factor('up')
  return { up: scaled(g, rows ? someRows(g, up, rows) : up, delta.scale), down: factor('down') }
}

/** A product that is W only after a reshape, and after averaging where it has more elements: rows of it, [rows, N]. */
function reshapedProduct(g: Graph, name: string, delta: LowRankDelta, w: WeightEntry, rows: Rows): Value {
  const { up, down } = lowRankFactors(g, name, delta)
  const product = MatMul(g, up, down)
  const matrix = [w.shape[0]!, elementCount(w.shape.slice(1))]
  const count = elementCount(product.shape) / elementCount(matrix)
  const mean = tensor('float32', [count, 1], new Float32Array(count).fill(1 / count))
  const change = count === 1 ? product : MatMul(g, Reshape(g, product, [-1, count]), g.constant(mean))
  return someRows(g, Reshape(g, change, matrix), rows)
}

/** The stored change, or the stored weight less the base: rows of it, [rows, N]. */
function denseChange(g: Graph, name: string, delta: Extract<WeightDelta, { dense: WeightEntry }>, base: Value, rows: Rows): Value {
  const stored = place(g, name, rowsOf(delta.dense, rows), base.shape)
  const change = delta.whole ? Add(g, stored, Mul(g, base, g.scalar(-1, 'float32'))) : stored
  return scaled(g, change, delta.scale)
}

function someRows(g: Graph, x: Value, [start, end]: Rows): Value {
  return start === 0 && end === x.shape[0] ? x : Slice(g, x, 0, start, end)
}

function scaled(g: Graph, x: Value, scale: number): Value {
  return scale === 1 ? x : Mul(g, x, g.scalar(scale, 'float32'))
}

/** The bytes of these rows of axis 0. */
function rowsOf(entry: WeightEntry, [start, end]: Rows): WeightEntry {
  const rowBytes = elementCount(entry.shape.slice(1)) * bytesPerElement(entry.dtype)
  const data = entry.data && { data: entry.data.subarray(start * rowBytes, end * rowBytes) }
  return { ...entry, ...data, byteOffset: entry.byteOffset + start * rowBytes, byteLength: (end - start) * rowBytes }
}

function place(g: Graph, name: string, source: WeightEntry, shape: readonly number[], wanted: Target['dtype'] = 'float32'): Value {
  const { dtype, path, byteOffset, byteLength, data } = source
  const value = g.external(name, dtype, shape, data ? tensorFromBytes(dtype, shape, data) : { path, byteOffset, byteLength })
  return dtype === wanted ? value : g.once(`${wanted} ${name}`, (root) => Cast(root.at(name), value, wanted))
}
