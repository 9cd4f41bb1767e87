// Elementwise operators, one function each under the operator's own name, with numpy broadcasting.
// https://onnx.ai/onnx/operators/ ; QuickGelu is ONNX Runtime's (com.microsoft).

import type { DType } from '../../tensor/tensor.ts'
import type { Graph, Value } from '../graph.ts'
import { DATA_TYPE } from '../model.ts'
import { broadcastShapes } from '../shape.ts'

function binary(g: Graph, operator: string, a: Value, b: Value): Value {
  if (a.dtype !== b.dtype) throw new RangeError(`${operator}: ${a.name} is ${a.dtype}, ${b.name} is ${b.dtype}`)
  return g.node(operator, [a, b], { dtype: a.dtype, shape: broadcastShapes(operator, a.shape, b.shape) })
}

/** a + b */
export const Add = (g: Graph, a: Value, b: Value): Value => binary(g, 'Add', a, b)
/** a * b */
export const Mul = (g: Graph, a: Value, b: Value): Value => binary(g, 'Mul', a, b)
/** a / b */
export const Div = (g: Graph, a: Value, b: Value): Value => binary(g, 'Div', a, b)

/** The larger of a and b */
export const Max = (g: Graph, a: Value, b: Value): Value => binary(g, 'Max', a, b)

/** |x| */
export const Abs = (g: Graph, x: Value): Value => g.node('Abs', [x], x)
/** The nearest whole number, halves to the even one */
export const Round = (g: Graph, x: Value): Value => g.node('Round', [x], x)
/** 1 / (1 + exp(-x)) */
export const Sigmoid = (g: Graph, x: Value): Value => g.node('Sigmoid', [x], x)
/** sin(x), radians */
export const Sin = (g: Graph, x: Value): Value => g.node('Sin', [x], x)
/** cos(x), radians */
export const Cos = (g: Graph, x: Value): Value => g.node('Cos', [x], x)
/** x * Phi(x), the exact Gaussian error linear unit */
export const Gelu = (g: Graph, x: Value): Value => g.node('Gelu', [x], x)

/** x * sigmoid(alpha * x); alpha 1 is SiLU, alpha 1.702 is CLIP's quick_gelu */
export function QuickGelu(g: Graph, x: Value, alpha: number): Value {
  return g.node('QuickGelu', [x], x, { domain: 'com.microsoft', attributes: { alpha: { float: alpha } } })
}

/** Converts the elements to another dtype. */
export function Cast(g: Graph, x: Value, to: DType): Value {
  return g.node('Cast', [x], { dtype: to, shape: x.shape }, { attributes: { to: { int: DATA_TYPE[to] } } })
}
