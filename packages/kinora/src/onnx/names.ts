// Reads back from a model's bytes what it takes and gives, without opening it in an engine.

import { fromBinary } from '@bufbuild/protobuf'
import { ModelProtoSchema } from './onnx_pb.ts'

export interface ModelNames {
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
}

/** Names of the model's inputs and outputs. Throws for bytes that are no ONNX model. */
export function modelNames(model: Uint8Array): ModelNames {
  const { graph } = fromBinary(ModelProtoSchema, model)
  if (!graph) throw new Error('the model has no graph')
  return { inputs: graph.input.map(({ name }) => name), outputs: graph.output.map(({ name }) => name) }
}
