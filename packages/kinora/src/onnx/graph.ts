// Builds an ONNX graph: values with static dtype and shape, nodes, and initializers that are either
// inline or a byte range of a checkpoint's own file. It knows no operator (ops/ has one function
// each) and serializes nothing (model.ts does). Names follow checkpoint paths through `at(path)`.

import type { DType, Tensor } from '../tensor/tensor.ts'
import { elementCount, tensor } from '../tensor/tensor.ts'

/** A tensor in the graph. Shapes are always static. */
export interface Value {
  readonly name: string
  readonly dtype: DType
  readonly shape: readonly number[]
}

/** Where an initializer's bytes are: an absolute path and a range of the file. */
export interface ExternalData {
  readonly path: string
  readonly byteOffset: number
  readonly byteLength: number
}

export type Attribute = { int: number } | { float: number } | { string: string } | { ints: readonly number[] }

export interface Node {
  readonly name: string
  readonly opType: string
  readonly domain: string
  /** '' stands for an optional input that is left out. */
  readonly inputs: readonly string[]
  readonly outputs: readonly Value[]
  readonly attributes: Readonly<Record<string, Attribute>>
}

export interface Initializer extends Value {
  readonly source: ExternalData | Tensor
}

interface State {
  readonly name: string
  readonly inputs: Value[]
  readonly outputs: Value[]
  readonly nodes: Node[]
  readonly initializers: Map<string, Initializer>
  readonly taps: Map<string, Value>
  readonly names: Map<string, number>
  readonly constants: Map<string, Value>
}

export interface NodeOptions {
  attributes?: Readonly<Record<string, Attribute>>
  domain?: string
}

/** What an operator function says of each result. */
export type OutputType = Pick<Value, 'dtype' | 'shape'>

export class Graph {
  readonly #state: State
  readonly #scope: string

  private constructor(state: State, scope: string) {
    this.#state = state
    this.#scope = scope
  }

  static create(name: string): Graph {
    const state: State = {
      name,
      inputs: [],
      outputs: [],
      nodes: [],
      initializers: new Map(),
      taps: new Map(),
      names: new Map(),
      constants: new Map(),
    }
    return new Graph(state, '')
  }

  get name(): string {
    return this.#state.name
  }
  get inputs(): readonly Value[] {
    return this.#state.inputs
  }
  get outputs(): readonly Value[] {
    return this.#state.outputs
  }
  get nodes(): readonly Node[] {
    return this.#state.nodes
  }
  get initializers(): ReadonlyMap<string, Initializer> {
    return this.#state.initializers
  }
  /** Module outputs by checkpoint path, for looking inside: `mid_block.resnets.0` -> its output. */
  get taps(): ReadonlyMap<string, Value> {
    return this.#state.taps
  }

  /** The same graph, naming what is added after this checkpoint path. */
  at(path: string): Graph {
    return new Graph(this.#state, path)
  }

  input(name: string, dtype: DType, shape: readonly number[]): Value {
    const value = { name: this.#unique(name), dtype, shape: [...shape] }
    this.#state.inputs.push(value)
    return value
  }

  /** Makes `value` a result of the graph under exactly this name, by an Identity node. */
  output(name: string, value: Value): Value {
    const result = { ...value, name: this.#unique(name) }
    this.#state.nodes.push({ name, opType: 'Identity', domain: '', inputs: [value.name], outputs: [result], attributes: {} })
    this.#state.outputs.push(result)
    return result
  }

  /** Remembers `value` as the output of the module at this path. Returns it. */
  tap(path: string, value: Value): Value {
    this.#state.taps.set(path, value)
    return value
  }

  /** An initializer that lies in a file (or is given whole); the same name again gives the same value. */
  external(name: string, dtype: DType, shape: readonly number[], source: ExternalData | Tensor): Value {
    const known = this.#state.initializers.get(name)
    if (known) return known
    const value: Initializer = { name: this.#unique(name), dtype, shape: [...shape], source }
    this.#state.initializers.set(value.name, value)
    return value
  }

  /** A small inline constant. */
  constant(value: Tensor): Value {
    const name = this.#unique(this.#join('constant'))
    const initializer: Initializer = { name, dtype: value.dtype, shape: value.shape, source: value }
    this.#state.initializers.set(name, initializer)
    return initializer
  }

  /** A float32 scalar, shared by all who ask for the same number. */
  scalar(number: number): Value {
    return this.once(`scalar ${number}`, () => this.at('').constant(tensor('float32', [], Float32Array.of(number))))
  }

  /** An int64 vector such as a shape or a list of axes, shared likewise. */
  int64s(numbers: readonly number[]): Value {
    return this.once(`int64s ${numbers.join()}`, () =>
      this.at('').constant(tensor('int64', [numbers.length], BigInt64Array.from(numbers, BigInt))),
    )
  }

  /** Builds a value once per graph and key. */
  once(key: string, build: () => Value): Value {
    const known = this.#state.constants.get(key)
    if (known) return known
    const value = build()
    this.#state.constants.set(key, value)
    return value
  }

  /** Adds a node with one result of the given type. */
  node(opType: string, inputs: readonly (Value | undefined)[], output: OutputType, options: NodeOptions = {}): Value {
    const { attributes = {}, domain = '' } = options
    const name = this.#unique(this.#join(opType))
    if (elementCount(output.shape) <= 0 || !output.shape.every(Number.isInteger))
      throw new RangeError(`${name}: the result would have the shape [${output.shape}]`)
    const value = { name, dtype: output.dtype, shape: [...output.shape] }
    this.#state.nodes.push({ name, opType, domain, inputs: inputs.map((input) => input?.name ?? ''), outputs: [value], attributes })
    return value
  }

  #join(name: string): string {
    return this.#scope === '' ? name : `${this.#scope}/${name}`
  }

  #unique(name: string): string {
    const count = this.#state.names.get(name) ?? 0
    this.#state.names.set(name, count + 1)
    return count === 0 ? name : `${name}_${count}`
  }
}
