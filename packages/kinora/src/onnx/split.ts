// Cuts a graph in parts at its marks, to be run one after the other: an engine then needs one part's
// weights at a time, and may leave parts out. What depends on no input (casts of weights, merged
// adapters) never crosses a cut; each part that reads it computes it anew, once, when it is loaded.

import { bytesPerElement, elementCount } from '../tensor/tensor.ts'
import type { Initializer, Node, Value } from './graph.ts'
import { Graph } from './graph.ts'
import { reachable, readsOf } from './model.ts'

/** A node with its values around it; values inside its bodies are its own. */
interface Placed {
  readonly node: Node
  /** Place among the nodes of the whole graph, which marks count in. */
  readonly index: number
  readonly reads: readonly string[]
  readonly constant: boolean
}

interface Analysis {
  readonly placed: readonly Placed[]
  readonly values: ReadonlyMap<string, Value>
  readonly initializers: ReadonlyMap<string, Initializer>
  /** Constant nodes by the names of their results. */
  readonly constants: ReadonlyMap<string, Placed>
}

/**
 * The parts of a graph between the marks named `at`, in order. A value that crosses a cut keeps its name: it is an output of the
 * part that computes it and an input of each that reads it; outputs that nothing reads are the graph's own. A part that
 * would have no output is left out. Throws RangeError for an unknown mark, or an output that is read behind a cut.
 */
export function splitGraph(graph: Graph, at: readonly string[]): Graph[] {
  const cuts = at.map((name) => markOf(graph, name).nodes)
  const analysis = analyze(graph)
  const parts = Array.from({ length: cuts.length + 1 }, (): Placed[] => [])
  for (const one of analysis.placed) if (!one.constant) parts[cuts.filter((cut) => cut <= one.index).length]!.push(one)
  const whole = new Set(graph.outputs.map(({ name }) => name))
  const readLater = new Set<string>()
  const graphs: Graph[] = []
  for (const part of parts.toReversed()) {
    const results = part.flatMap(({ node }) => node.outputs)
    for (const { name } of results)
      if (whole.has(name) && readLater.has(name)) throw new RangeError(`${graph.name}: the output ${name} is read behind a cut`)
    const outputs = results.filter(({ name }) => whole.has(name) || readLater.has(name))
    for (const { reads } of part) for (const name of reads) readLater.add(name)
    if (outputs.length > 0) graphs.unshift(partGraph(graph, analysis, part, outputs))
  }
  return graphs
}

/**
 * Marks that cut a graph in at most `count` parts so that the heaviest has as few bytes of weights as possible, as they are in
 * memory: after casts and merges.
 */
export function balancedCuts(graph: Graph, count: number): string[] {
  const marks = graph.marks.toSorted((a, b) => a.nodes - b.nodes)
  const bytes = weightBytes(analyze(graph), [...marks.map(({ nodes }) => nodes), graph.nodes.length])
  const runs = bytes.flatMap((_, from) => bytes.slice(from).map((_last, more) => sum(bytes.slice(from, from + more + 1))))
  const limits = runs.filter((total) => total >= Math.max(...bytes)).toSorted((a, b) => a - b)
  const limit = limits.find((candidate) => fill(bytes, candidate).length < count)
  return limit === undefined ? [] : fill(bytes, limit).map((segment) => marks[segment - 1]!.name)
}

/** Segments before which to cut so that no part weighs more than `limit`, which no segment alone does. */
function fill(bytes: readonly number[], limit: number): number[] {
  const cuts: number[] = []
  let total = 0
  for (const [segment, weight] of bytes.entries()) {
    if (total + weight > limit) {
      cuts.push(segment)
      total = 0
    }
    total += weight
  }
  return cuts
}

/** Bytes of the constants that the nodes up to each of `ends` read, each counted once a segment. */
function weightBytes({ placed, values, initializers, constants }: Analysis, ends: readonly number[]): number[] {
  let start = 0
  return ends.map((end) => {
    const segment = placed.filter(({ constant, index }) => !constant && index >= start && index < end)
    start = end
    const names = new Set(segment.flatMap(({ reads }) => reads).filter((name) => initializers.has(name) || constants.has(name)))
    return sum([...names].map((name) => elementCount(values.get(name)!.shape) * bytesPerElement(values.get(name)!.dtype)))
  })
}

function markOf(graph: Graph, name: string): Graph['marks'][number] {
  const mark = graph.marks.find((known) => known.name === name)
  if (!mark)
    throw new RangeError(
      `${graph.name} has no mark "${name}"; its marks are ${graph.marks.map((known) => known.name).join(', ') || 'none'}`,
    )
  return mark
}

/** What the outputs need, and which of it depends on no input. An output is computed in one part even if it is constant. */
function analyze(graph: Graph): Analysis {
  const { nodes, initializers: used } = reachable(graph)
  const initializers = new Map(used.map((initializer) => [initializer.name, initializer]))
  const values = new Map<string, Value>([...graph.inputs, ...used].map((value) => [value.name, value]))
  const constants = new Map<string, Placed>()
  const indices = new Map(graph.nodes.map((node, index) => [node, index]))
  const placed = nodes.map((node): Placed => {
    const reads = [...new Set(readsOf(node))].filter((name) => values.has(name)) // other names are defined inside a body
    const isConstant = reads.every((name) => initializers.has(name) || constants.has(name))
    const constant = isConstant && !node.outputs.some(({ name }) => graph.outputs.some((output) => output.name === name))
    const one = { node, index: indices.get(node)!, reads, constant }
    for (const output of node.outputs) {
      values.set(output.name, output)
      if (constant) constants.set(output.name, one)
    }
    return one
  })
  return { placed, values, initializers, constants }
}

function partGraph(graph: Graph, { placed, values, initializers, constants }: Analysis, part: readonly Placed[], outputs: Value[]): Graph {
  const needed = new Set<Placed>(part)
  for (const { reads } of needed) for (const name of reads) if (constants.has(name)) needed.add(constants.get(name)!) // a Set visits what is added meanwhile
  const nodes = placed.filter((one) => needed.has(one))
  const reads = new Set(nodes.flatMap((one) => one.reads))
  const made = new Set(nodes.flatMap(({ node }) => node.outputs.map(({ name }) => name)))
  const inputs = [...values.values()].filter(({ name }) => reads.has(name) && !made.has(name) && !initializers.has(name))
  return Graph.from(graph.name, graph.target, {
    inputs,
    outputs,
    nodes: nodes.map(({ node }) => node),
    initializers: new Map([...initializers].filter(([name]) => reads.has(name))),
  })
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
