// Turns weights into int8: symmetric, one scale for each output channel. As a graph, so that half files,
// merged adapters and every layout are read the way that models read them. It chooses no layers.

import type { Weights } from '../../checkpoint/weights.ts'
import { Graph, type Value } from '../../onnx/graph.ts'
import { Abs, Add, Cast, Concat, Div, Max, ReduceMax, Reshape, Round, Transpose } from '../../onnx/ops.ts'
import { elementCount } from '../../tensor/tensor.ts'
import { UINT8_ZERO } from './int8.ts'
import { PHASES, phaseKernel } from './phases.ts'
import { weight } from './weight.ts'

/** A weight to be quantized. */
export interface Int8Weight {
  readonly name: string
  /** [O, I, ...K] of the float weight. */
  readonly shape: readonly number[]
  /** Ranges of output channels that are stored one after the other, since layers take them apart. */
  readonly parts: number
  /** Not the 3x3 kernel itself but its four phases (upsample.ts), stored one after the other under `int8Name`. */
  readonly phases?: boolean
}

export type Int8Type = 'int8' | 'uint8'

/** Keeps the scale of an all-zero row above 0. */
const SMALLEST = 1e-30

/** Under which the integers are stored. */
export function int8Name({ name, phases = false }: Int8Weight): string {
  return phases ? `${name}.phases` : name
}

/** Of the stored integers: [parts, K, I, O / parts], of phases [4, 4, I, O]. */
export function int8Shape({ shape, parts, phases = false }: Int8Weight): number[] {
  const [outputs, inputs, ...kernel] = shape as [number, number, ...number[]]
  return phases ? [PHASES.length, PHASES.length, inputs, outputs] : [parts, elementCount(kernel), inputs, outputs / parts]
}

/**
 * Graph: levels, a float32 scalar that is always 127 (an input, so that the engine does not compute all of it when it loads the graph) ->
 * `NAME.values` int8Shape and `NAME.scale` float32 [O], of phases [4 * O], for each weight's int8Name.
 */
export function buildQuantizer(w: Weights, weights: readonly Int8Weight[], type: Int8Type): Graph {
  const g = Graph.create('quantizer')
  const levels = g.input('levels', 'float32', [])
  for (const wanted of weights) {
    const name = int8Name(wanted)
    const [parts, positions, inputs, width] = int8Shape(wanted) as [number, number, number, number]
    const scope = g.at(name)
    const rows = floatRows(scope, w, wanted, positions * inputs) // [parts * width, I * K]
    const scale = Div(scope, Max(scope, ReduceMax(scope, Abs(scope, rows), 1), g.scalar(SMALLEST)), levels) // [parts * width, 1]
    const rounded = Round(scope, Div(scope, rows, scale))
    const integers = type === 'int8' ? Cast(scope, rounded, 'int8') : Cast(scope, Add(scope, rounded, g.scalar(UINT8_ZERO)), 'uint8')
    const parted = Reshape(scope, integers, [parts, width, inputs, positions])
    g.output(`${name}.values`, Transpose(scope, parted, [0, 3, 2, 1]))
    g.output(`${name}.scale`, Reshape(scope, scale, [parts * width]))
  }
  return g
}

/** A row for each output channel, of phases for each of theirs: inputs before kernel positions. */
function floatRows(g: Graph, w: Weights, { name, shape, phases = false }: Int8Weight, columns: number): Value {
  const whole = weight(g, w, name, shape, [shape[0]!, elementCount(shape.slice(1))])
  if (!phases) return whole
  const kernel = Reshape(g, whole, shape)
  const rows = PHASES.map((phase) => Reshape(g, phaseKernel(g, kernel, phase), [shape[0]!, columns]))
  return Concat(g, rows, 0)
}
