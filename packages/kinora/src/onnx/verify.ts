// Structural checks of a graph, for tests: what ONNX Runtime would reject late or accept silently.
// It does not check operators' own rules; the functions in ops/ do while building.

import { bytesPerElement, elementCount } from '../tensor/tensor.ts'
import type { Graph, Initializer, Node, Value } from './graph.ts'
import { bodiesOf, reachable } from './model.ts'

/** Problems found, [] when the graph is sound. */
export function verifyGraph(graph: Graph): string[] {
  const { nodes, initializers } = reachable(graph)
  const problems: string[] = []
  const known = new Map<string, Value>()
  const define = (value: Value, what: string) => {
    if (known.has(value.name)) problems.push(`${what} ${value.name} is defined twice`)
    if (value.shape.some((size) => !Number.isInteger(size) || size < 1))
      problems.push(`${what} ${value.name} has the shape [${value.shape}]`)
    known.set(value.name, value)
  }
  for (const input of graph.inputs) define(input, 'input')
  for (const initializer of initializers) {
    define(initializer, 'initializer')
    problems.push(...initializerProblems(initializer))
  }
  const used = new Set<string>()
  const follow = (node: Node) => {
    for (const name of node.inputs) {
      used.add(name)
      if (name !== '' && !known.has(name)) problems.push(`${node.name} reads ${name}, which nothing before it defines`)
    }
    for (const body of bodiesOf(node)) {
      for (const input of body.inputs) define(input, 'input')
      reachable(body).nodes.forEach(follow)
    }
    for (const output of node.outputs) define(output, 'result')
  }
  nodes.forEach(follow)
  for (const input of graph.inputs) if (!used.has(input.name)) problems.push(`input ${input.name} is never read`)
  for (const output of graph.outputs) if (!known.has(output.name)) problems.push(`output ${output.name} is never computed`)
  if (graph.outputs.length === 0) problems.push('the graph has no outputs')
  return problems
}

function initializerProblems({ name, dtype, shape, source }: Initializer): string[] {
  const needed = elementCount(shape) * bytesPerElement(dtype)
  if ('data' in source)
    return source.data.byteLength === needed
      ? []
      : [`initializer ${name} holds ${source.data.byteLength} bytes, [${shape}] needs ${needed}`]
  const problems: string[] = []
  if (source.byteLength !== needed) problems.push(`initializer ${name} names ${source.byteLength} bytes, [${shape}] needs ${needed}`)
  if (!source.path.startsWith('/') || source.byteOffset < 0)
    problems.push(`initializer ${name} names ${source.path} at ${source.byteOffset}`)
  return problems
}
