// Products with weights that a checkpoint holds in int8. Activations become uint8 by their own smallest and
// largest value, each tensor (or turn of a loop) anew, so nothing is calibrated; sums are exact.

import type { Weight, Weights } from '../../checkpoint/weights.ts'
import type { Graph, Value } from '../../onnx/graph.ts'
import type { Quantized, QuantizedMatrix } from '../../onnx/ops.ts'
import { DynamicQuantizeLinear, MatMulIntegerToFloat, Reshape, Transpose } from '../../onnx/ops.ts'
import { bytesPerElement, elementCount, tensor } from '../../tensor/tensor.ts'
import { PHASES } from './phases.ts'

/** Zero point of weights in uint8: what int8 is, moved up. */
export const UINT8_ZERO = 128

/**
 * The weight `name` of the float shape [O, I, ...K] as the matrix [K * I, O], kernel positions before channels, or the given columns of it;
 * undefined where the checkpoint holds it in floats.
 */
export function int8Matrix(
  g: Graph,
  w: Weights,
  name: string,
  shape: readonly number[],
  columns: readonly [number, number] = [0, shape[0]!],
): QuantizedMatrix | undefined {
  const entry = w.get(name, shape)
  if (!entry.quantized) return undefined
  const [start, end] = columns
  const width = shape[0]! / entry.quantized.parts
  if (start % width !== 0 || end - start !== width) throw new RangeError(`${entry.name}: columns ${start}..${end} of parts of ${width}`)
  return matrixPart(g, entry, start / width, [elementCount(shape.slice(1)), width])
}

/** The phases (phases.ts) of the int8 weight `name` of the float shape [O, I, 3, 3] as matrices [4 * I, O], kernel positions before channels. */
export function int8Phases(g: Graph, w: Weights, name: string, shape: readonly number[]): QuantizedMatrix[] {
  const entry = w.get(`${name}.phases`, shape)
  const [outputs, inputs] = shape as [number, number]
  return PHASES.map((_, index) => matrixPart(g, entry, index, [PHASES.length * inputs, outputs]))
}

/** The stored matrix [rows, width] at this index among those of a weight. */
function matrixPart(g: Graph, entry: Weight, index: number, [rows, width]: readonly [number, number]): QuantizedMatrix {
  const { name, dtype, quantized, path, byteOffset } = entry
  if (!quantized || (dtype !== 'int8' && dtype !== 'uint8')) throw new RangeError(`${name} is ${dtype}, not a matrix of integers`)
  const part = quantized.parts === 1 ? name : `${name}[${index}]`
  const byteLength = rows * width * bytesPerElement(dtype)
  const { scale } = quantized
  const scaleBytes = width * bytesPerElement(scale.dtype)
  return {
    values: g.external(part, dtype, [rows, width], { path, byteOffset: byteOffset + index * byteLength, byteLength }),
    scale: g.external(`${part}_scale`, 'float32', [width], {
      path: scale.path,
      byteOffset: scale.byteOffset + index * scaleBytes,
      byteLength: scaleBytes,
    }),
    zeroPoint: dtype === 'int8' ? undefined : g.once('uint8 zero', uint8Zero),
  }
}

/** Whether the checkpoint holds this weight in int8. */
export function isInt8(w: Weights, name: string, shape: readonly number[]): boolean {
  return w.get(name, shape).quantized !== undefined
}

function uint8Zero(root: Graph): Value {
  return root.at('').constant(tensor('uint8', [], Uint8Array.of(UINT8_ZERO)))
}

/** x [..., K] times the matrix [K, N] plus bias [N] -> [..., N]. Products of one x share its uint8 form: ONNX Runtime joins equal nodes. */
export function int8Product(g: Graph, x: Value, matrix: QuantizedMatrix, bias?: Value): Value {
  return quantizedProduct(g, DynamicQuantizeLinear(g, x), matrix, bias)
}

/** x [N, K, P] -> [N, P, matrix columns]: what is moved is a byte each, since quantizing looks at no place. */
export function int8ChannelProduct(g: Graph, x: Value, matrix: QuantizedMatrix, bias?: Value): Value {
  const quantized = DynamicQuantizeLinear(g, x)
  return quantizedProduct(g, { ...quantized, values: Transpose(g, quantized.values, [0, 2, 1]) }, matrix, bias)
}

function quantizedProduct(g: Graph, x: Quantized, matrix: QuantizedMatrix, bias?: Value): Value {
  const { shape } = x.values
  const rows: Quantized = { ...x, values: Reshape(g, x.values, [-1, shape.at(-1)!]) } // [M, K]
  return Reshape(g, MatMulIntegerToFloat(g, rows, matrix, bias), [...shape.slice(0, -1), matrix.values.shape[1]!])
}
