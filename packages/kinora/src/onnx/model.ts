// Serializes a Graph as ONNX ModelProto bytes. Weights stay in their files: an external initializer
// becomes a location (the absolute path without its leading slash, since ONNX Runtime refuses
// absolute ones; the session names the file system's root as their folder), an offset and a length.
// Format: github.com/onnx/onnx, docs/IR.md; field numbers in onnx.proto.

import type { MessageInitShape } from '@bufbuild/protobuf'
import { create, toBinary } from '@bufbuild/protobuf'
import type { DType } from '../tensor/tensor.ts'
import type { Attribute, Graph, Initializer, Node, Value } from './graph.ts'
import type { AttributeProtoSchema, GraphProtoSchema, NodeProtoSchema, TensorProtoSchema, ValueInfoProtoSchema } from './onnx_pb.ts'
import { ModelProtoSchema } from './onnx_pb.ts'

/** ONNX's TensorProto.DataType codes. */
export const DATA_TYPE = {
  float32: 1,
  uint8: 2,
  int8: 3,
  int16: 5,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  float64: 11,
  bfloat16: 16,
} satisfies Record<DType, number>

const IR_VERSION = 10n
const OPSETS = [
  { domain: '', version: 21n }, // the webgpu provider has no Sin and Cos of 22
  { domain: 'com.microsoft', version: 1n },
]
const EXTERNAL = 1

/** The model's bytes. Nodes and initializers that no output needs are left out. */
export function encodeModel(graph: Graph): Uint8Array {
  const { nodes, initializers } = reachable(graph)
  const model = create(ModelProtoSchema, {
    irVersion: IR_VERSION,
    producerName: 'kinora',
    opsetImport: OPSETS,
    graph: {
      name: graph.name,
      node: nodes.map(nodeProto),
      initializer: initializers.map(tensorProto),
      input: graph.inputs.map(valueInfo),
      output: graph.outputs.map(valueInfo),
    },
  })
  return toBinary(ModelProtoSchema, model)
}

/** Nodes and initializers that the outputs depend on, in their order of creation. */
export function reachable(graph: Graph): { nodes: Node[]; initializers: Initializer[] } {
  const needed = new Set(graph.outputs.map((value) => value.name))
  const nodes: Node[] = []
  for (const node of [...graph.nodes].reverse()) {
    if (!node.outputs.some((output) => needed.has(output.name))) continue
    for (const input of readsOf(node)) needed.add(input)
    nodes.push(node)
  }
  const initializers = [...graph.initializers.values()].filter((initializer) => needed.has(initializer.name))
  return { nodes: nodes.reverse(), initializers }
}

/** Graphs that run inside a node. */
export function bodiesOf({ attributes }: Node): Graph[] {
  return Object.values(attributes).flatMap((value) => ('graph' in value ? [value.graph] : []))
}

/** Names that a node reads: its inputs, and what a body inside it takes from around it. */
export function readsOf(node: Node): string[] {
  return [...node.inputs, ...bodiesOf(node).flatMap((body) => reachable(body).nodes.flatMap(readsOf))]
}

function nodeProto(node: Node): MessageInitShape<typeof NodeProtoSchema> {
  return {
    name: node.name,
    opType: node.opType,
    domain: node.domain,
    input: [...node.inputs],
    output: node.outputs.map((output) => output.name),
    attribute: Object.entries(node.attributes).map(([name, value]) => attributeProto(name, value)),
  }
}

/** Type codes of AttributeProto.AttributeType. */
function attributeProto(name: string, value: Attribute): MessageInitShape<typeof AttributeProtoSchema> {
  if ('float' in value) return { name, type: 1, f: value.float }
  if ('int' in value) return { name, type: 2, i: BigInt(value.int) }
  if ('string' in value) return { name, type: 3, s: new TextEncoder().encode(value.string) }
  if ('ints' in value) return { name, type: 7, ints: value.ints.map(BigInt) }
  return { name, type: 5, g: bodyProto(value.graph) }
}

/** Initializers are the root's. */
function bodyProto(body: Graph): MessageInitShape<typeof GraphProtoSchema> {
  const { nodes } = reachable(body)
  return { name: body.name, node: nodes.map(nodeProto), input: body.inputs.map(valueInfo), output: body.outputs.map(valueInfo) }
}

function tensorProto(initializer: Initializer): MessageInitShape<typeof TensorProtoSchema> {
  const { name, dtype, shape, source } = initializer
  const common = { name, dataType: DATA_TYPE[dtype], dims: shape.map(BigInt) }
  if ('data' in source) {
    const { buffer, byteOffset, byteLength } = source.data
    return { ...common, rawData: new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength) }
  }
  return {
    ...common,
    dataLocation: EXTERNAL,
    externalData: [
      { key: 'location', value: source.path.replace(/^\/+/, '') },
      { key: 'offset', value: String(source.byteOffset) },
      { key: 'length', value: String(source.byteLength) },
    ],
  }
}

function valueInfo(value: Value): MessageInitShape<typeof ValueInfoProtoSchema> {
  const dim = value.shape.map((size) => ({ dimValue: BigInt(size) }))
  return { name: value.name, type: { tensorType: { elemType: DATA_TYPE[value.dtype], shape: { dim } } } }
}
