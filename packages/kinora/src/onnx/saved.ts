// Models as ONNX Runtime writes them back after optimizing, and what a model's bytes say of the files that its
// weights lie in. The weights themselves are not read. Format: see model.ts.

import { fromBinary, toBinary } from '@bufbuild/protobuf'
import type { DType } from '../tensor/tensor.ts'
import { bytesPerElement } from '../tensor/tensor.ts'
import { DATA_TYPE } from './model.ts'
import type { GraphProto, ModelProto } from './onnx_pb.ts'
import { ModelProtoSchema } from './onnx_pb.ts'

const FLOAT32_BYTES = 4

export interface ExternalData {
  /** As initializers name them, each once. */
  readonly locations: readonly string[]
  /** Bytes of all external initializers once they are float32; integers stay what they are. */
  readonly floatBytes: number
}

/** Throws for bytes that are no ONNX model. */
export function externalData(model: Uint8Array): ExternalData {
  const locations = new Set<string>()
  let floatBytes = 0
  for (const { dataType, externalData: entries } of parse(model).graph.initializer) {
    const values = new Map(entries.map(({ key, value }) => [key, value]))
    const location = values.get('location')
    if (location === undefined) continue
    locations.add(location)
    floatBytes += Number(values.get('length') ?? 0) * growth(dataType)
  }
  return { locations: [...locations], floatBytes }
}

/**
 * The same model with each initializer of a body once. ONNX Runtime 1.30 writes those that its optimizer adds to a loop's body
 * twice, and then refuses its own file ("initializer name is not unique").
 */
export function withoutRepeats(model: Uint8Array): Uint8Array {
  const parsed = parse(model)
  dropRepeats(parsed.graph)
  return toBinary(ModelProtoSchema, parsed)
}

function dropRepeats(graph: GraphProto): void {
  graph.initializer = [...new Map(graph.initializer.map((initializer) => [initializer.name, initializer])).values()]
  for (const { attribute } of graph.node) for (const { g } of attribute) if (g) dropRepeats(g)
}

function parse(model: Uint8Array): ModelProto & { graph: GraphProto } {
  const parsed = fromBinary(ModelProtoSchema, model)
  if (!parsed.graph) throw new Error('the model has no graph')
  return parsed as ModelProto & { graph: GraphProto }
}

function growth(dataType: number): number {
  const dtype = (Object.keys(DATA_TYPE) as DType[]).find((name) => DATA_TYPE[name] === dataType)
  return dtype === 'float16' || dtype === 'bfloat16' ? FLOAT32_BYTES / bytesPerElement(dtype) : 1
}
