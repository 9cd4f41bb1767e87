// How much memory a graph takes while it runs, from its nodes alone: which values are alive at each
// node, and which of them share a buffer. Buffers are shared as ONNX Runtime's planner shares them
// (onnxruntime/core/framework/allocation_planner.cc): views, results written over a last-read input,
// and dead buffers kept for the next value of the same shape. Nothing is run here.

import { bytesPerElement, elementCount } from '../tensor/tensor.ts'
import type { Arena, Chunk } from './arena.ts'
import { createArena } from './arena.ts'
import type { Graph, Node, Value } from './graph.ts'
import { bodiesOf, reachable, readsOf } from './model.ts'

/** All in bytes. */
export interface GraphMemory {
  /** Constant tensors that nodes read while the graph runs: the weights, cast and merged. */
  readonly constants: number
  /** Stored tensors that only serve to make those: half floats, adapters. They are mapped while a session is created. */
  readonly sources: number
  /** The most bytes of computed values, inputs left out, that are alive at once. */
  readonly activations: number
  /** The node at which they are. */
  readonly at: string
  /** What the constants and the activations take in ONNX Runtime's arena, which leaves gaps. */
  readonly resident: number
}

/** Results that are their input's bytes in another shape. */
const VIEWS = new Set(['Reshape', 'Identity'])
/** Results that may be written over an input of the same size that nobody reads any more. */
const IN_PLACE = new Set(['Add', 'Mul', 'Div', 'QuickGelu', 'Sigmoid', 'Sin', 'Cos'])
/** Channels in a block of the convolutions' own layout, where the last one is filled up; inputs with fewer are read as they are. */
const BLOCK = 16

/** `blocked`: convolutions work in a layout of their own, as they do unless a session is optimized less. */
export function graphMemory(graph: Graph, blocked = true): GraphMemory {
  const { names, sizes, stored } = findConstants(graph)
  const read = new Set<string>()
  for (const node of runningNodes(graph, names)) for (const name of readsOf(node)) if (sizes.has(name)) read.add(name)
  const sum = (of: Iterable<string>) => [...of].reduce((total, name) => total + sizes.get(name)!, 0)
  const arena = createArena()
  for (const name of read) arena.allocate(sizes.get(name)!)
  const before = arena.used
  const peak = { activations: 0, at: '' }
  simulate(arena, graph, { constants: names, blocked }, ({ name }) => {
    const activations = arena.used - before
    if (activations > peak.activations) Object.assign(peak, { activations, at: name })
  })
  const sources = sum(stored.filter((name) => !read.has(name)))
  return { constants: sum(read), sources, ...peak, resident: arena.resident }
}

/** Values that depend on no input; ONNX Runtime computes them when it creates a session. */
function findConstants(graph: Graph): { names: Set<string>; sizes: Map<string, number>; stored: string[] } {
  const { nodes, initializers } = reachable(graph)
  const sizes = new Map(initializers.map((initializer) => [initializer.name, bytesOf(initializer)]))
  for (const node of nodes) {
    if (!readsOf(node).every((name) => name === '' || sizes.has(name))) continue
    for (const output of node.outputs) sizes.set(output.name, bytesOf(output))
  }
  return { names: new Set(sizes.keys()), sizes, stored: initializers.map(({ name }) => name) }
}

/** Nodes that are run each time, in order. */
function runningNodes(graph: Graph, constants: ReadonlySet<string>): Node[] {
  return reachable(graph).nodes.filter(({ outputs }) => !outputs.every(({ name }) => constants.has(name)))
}

interface Mode {
  readonly constants: ReadonlySet<string>
  readonly blocked: boolean
}

/** What ONNX Runtime runs for a node, or for a part of one. */
interface Step {
  readonly opType: string
  readonly reads: readonly string[]
  readonly output: Value
  readonly node: Node
}

/** A convolution's input and result are copied into blocks of channels and back. */
function stepsOf(node: Node, shapes: Map<string, Value>, blocked: boolean): Step[] {
  const output = node.outputs[0]!
  shapes.set(output.name, output)
  const reads = readsOf(node)
  const input = shapes.get(node.inputs[0]!)
  if (node.opType !== 'Conv' || !input || !blocked) return [{ opType: node.opType, reads, output, node }]
  const copied = input.shape[1]! < BLOCK ? input : { ...inBlocks(input), name: `${node.name} blocked input` }
  const result = { ...inBlocks(output), name: `${node.name} blocked` }
  const [, ...weights] = reads
  return [
    ...(copied === input ? [] : [{ opType: 'ReorderInput', reads: [input.name], output: copied, node }]),
    { opType: 'Conv', reads: [copied.name, ...weights], output: result, node },
    { opType: 'ReorderOutput', reads: [result.name], output, node },
  ]
}

/** [N, C, ...] with C filled up to whole blocks. */
function inBlocks(value: Value): Value {
  return { ...value, shape: value.shape.with(1, Math.ceil(value.shape[1]! / BLOCK) * BLOCK) }
}

interface Buffer {
  readonly bytes: number
  readonly shape: string
  /** Index of the step that first writes it, and of the last one that touches it. */
  readonly from: number
  to: number
  /** Reads to come. */
  uses: number
}

/** Allocates and frees as a run of the graph does, and tells after each step's allocations. */
function simulate(arena: Arena, graph: Graph, mode: Mode, tell: (node: Node) => void): void {
  const shapes = new Map(graph.inputs.map((input) => [input.name, input]))
  const steps = runningNodes(graph, mode.constants).flatMap((node) => stepsOf(node, shapes, mode.blocked))
  const begins = Map.groupBy(shareBuffers(graph, steps), ({ from }) => from)
  const alive = new Map<Buffer, Chunk>()
  for (const [i, { node }] of steps.entries()) {
    for (const buffer of begins.get(i) ?? []) alive.set(buffer, arena.allocate(buffer.bytes))
    for (const body of bodiesOf(node)) simulate(arena, body, mode, tell) // one turn; the others find its chunks
    // Attention copies its inputs, with the heads in front.
    const copies = node.opType === 'MultiHeadAttention' ? node.inputs.map((name) => arena.allocate(bytesOf(shapes.get(name)!))) : []
    tell(node)
    for (const copy of copies) arena.free(copy)
    for (const [buffer, chunk] of alive) {
      if (buffer.to > i) continue
      arena.free(chunk)
      alive.delete(buffer)
    }
  }
}

/** One buffer for each value, or for several; those of the graph's results stay to the end. */
function shareBuffers(graph: Graph, steps: readonly Step[]): Buffer[] {
  const reads = countReads(graph, steps)
  const buffers: Buffer[] = []
  const ofValue = new Map<string, Buffer>()
  const free: Buffer[] = []
  for (const [i, step] of steps.entries()) {
    const { output } = step
    const known = reusable(step, ofValue, free)
    const buffer = known ?? { bytes: bytesOf(output), shape: shapeKey(output), from: i, to: i, uses: 0 }
    const ofInput = VIEWS.has(step.opType) && !ofValue.has(step.reads[0]!) // a view of an input needs no buffer
    if (!known && !ofInput) buffers.push(buffer)
    buffer.uses += reads.get(output.name) ?? 0
    ofValue.set(output.name, buffer)
    const touched = [buffer, ...step.reads.flatMap((name) => readOf(ofValue.get(name), free))]
    for (const each of touched) each.to = i
  }
  for (const { name } of graph.outputs) {
    const buffer = ofValue.get(name)
    if (buffer) buffer.to = steps.length - 1
  }
  return buffers
}

/** How often each value is read; being a result of the graph is one more reader. */
function countReads(graph: Graph, steps: readonly Step[]): Map<string, number> {
  const reads = new Map<string, number>()
  const all = [...steps.flatMap((step) => step.reads), ...graph.outputs.map(({ name }) => name)]
  for (const name of all) reads.set(name, (reads.get(name) ?? 0) + 1)
  return reads
}

/** Counts a read of a buffer, which is free after its last one. */
function readOf(buffer: Buffer | undefined, free: Buffer[]): Buffer[] {
  if (!buffer) return []
  buffer.uses--
  if (buffer.uses === 0) free.unshift(buffer)
  return [buffer]
}

/** A buffer that is there already and may hold the step's result. */
function reusable({ opType, reads, output }: Step, ofValue: ReadonlyMap<string, Buffer>, free: Buffer[]): Buffer | undefined {
  if (VIEWS.has(opType)) return ofValue.get(reads[0]!)
  const last = reads.map((name) => ofValue.get(name)).find((buffer) => buffer?.uses === 1 && buffer.bytes === bytesOf(output))
  if (last && IN_PLACE.has(opType)) return last
  const index = free.findIndex(({ shape }) => shape === shapeKey(output))
  return index < 0 ? undefined : free.splice(index, 1)[0]
}

function bytesOf({ dtype, shape }: Pick<Value, 'dtype' | 'shape'>): number {
  return elementCount(shape) * bytesPerElement(dtype)
}

function shapeKey({ dtype, shape }: Value): string {
  return `${dtype} ${shape.join()}`
}
