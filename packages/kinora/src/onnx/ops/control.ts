// Operators that run a body several times, under the operator's own name.
// https://onnx.ai/onnx/operators/onnx__Scan.html

import type { Graph, Value } from '../graph.ts'
import { Reshape } from './movement.ts'

/**
 * Runs `build` once for each index of axis 0 of `xs`, one after the other: slices go in without that axis, and its result is
 * stacked along a new axis 0. Only one turn's values are alive at a time, and they can stay in a CPU's cache.
 */
export function Scan(g: Graph, xs: readonly Value[], build: (body: Graph, slices: readonly Value[]) => Value): Value {
  const count = xs[0]?.shape[0]
  if (count === undefined || xs.some(({ shape }) => shape[0] !== count))
    throw new RangeError(`Scan: axis 0 of ${xs.map(({ shape }) => `[${shape}]`).join(', ')} must be one size`)
  const body = g.body('body')
  const slices = xs.map(({ dtype, shape }) => body.input('slice', dtype, shape.slice(1)))
  const result = build(body, slices)
  const given = beforeReshape(body, result)
  const turn = body.output('turn', given)
  const attributes = { body: { graph: body }, num_scan_inputs: { int: xs.length } }
  const stacked = g.node('Scan', xs, { dtype: turn.dtype, shape: [count, ...turn.shape] }, { attributes })
  return given === result ? stacked : Reshape(g, stacked, [count, ...result.shape])
}

/** What the last Reshape of a body is given: at the end of a body it would copy, after the loop it does not. */
function beforeReshape(body: Graph, result: Value): Value {
  const node = body.nodes.find(({ outputs }) => outputs[0]!.name === result.name)
  const given = [...body.inputs, ...body.nodes.flatMap(({ outputs }) => outputs)].find(({ name }) => name === node?.inputs[0])
  return node?.opType === 'Reshape' && given ? beforeReshape(body, given) : result
}
