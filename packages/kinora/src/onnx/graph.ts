// Builds an ONNX graph: values with static dtype and shape, nodes, and initializers that are either
// inline or a byte range of a checkpoint's own file. It knows no operator (ops/ has one function
// each) and serializes nothing (model.ts does). Names follow checkpoint paths through `at(path)`.

import { float32ToFloat16 } from '../tensor/half.ts'
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

export type Attribute = { int: number } | { float: number } | { string: string } | { ints: readonly number[] } | { graph: Graph }

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

/** What a graph shares with the bodies of its loops. */
interface Shared {
  readonly initializers: Map<string, Initializer>
  readonly taps: Map<string, Value>
  readonly names: Map<string, number>
  readonly constants: Map<string, Value>
}

/** What a graph is built for. */
export interface Target {
  /** Type of its arithmetic; what goes in and comes out stays float32. */
  readonly dtype: 'float32' | 'float16'
  /** Long independent work is written as a loop whose turns fit a CPU's cache. Devices that run no loops want it in one piece. */
  readonly turns: boolean
  /** Attention is one operator. Without it: products and a softmax, for devices whose fused kernel is wrong. */
  readonly fusedAttention: boolean
}

/** Of the CPU, which every figure of parity is measured on. */
export const CPU_TARGET: Target = { dtype: 'float32', turns: true, fusedAttention: true }

interface State extends Shared {
  readonly name: string
  readonly target: Target
  readonly inputs: Value[]
  readonly outputs: Value[]
  readonly nodes: Node[]
  readonly marks: Mark[]
  /** The outermost graph's state, for a body. */
  readonly root?: State
}

/** A place between two nodes where a graph may be cut in two. */
export interface Mark {
  readonly name: string
  /** Nodes before it. */
  readonly nodes: number
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

  static create(name: string, target: Target = CPU_TARGET): Graph {
    const shared = { initializers: new Map(), taps: new Map(), names: new Map(), constants: new Map() }
    return new Graph(newState(name, target, shared), '')
  }

  /** A finished graph of pieces that keep their names. */
  static from(name: string, target: Target, pieces: Pick<State, 'inputs' | 'outputs' | 'nodes' | 'initializers'>): Graph {
    const shared = { initializers: pieces.initializers, taps: new Map(), names: new Map(), constants: new Map() }
    return new Graph(Object.assign(newState(name, target, shared), pieces), '')
  }

  /** A graph that runs inside a node of this one, such as a loop's body: it sees this one's values, and constants made in it belong to the root. */
  body(name: string): Graph {
    return new Graph(newState(name, this.target, this.#state, this.root.#state), this.#scope)
  }

  /** The outermost graph. What depends on no input belongs there, so that it is computed once. */
  get root(): Graph {
    return new Graph(this.#state.root ?? this.#state, this.#scope)
  }

  get target(): Target {
    return this.#state.target
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

  /** Places where the graph may be cut, in order. */
  get marks(): readonly Mark[] {
    return this.#state.marks
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

  /** Allows a cut between the nodes so far and those to come. */
  mark(name: string): void {
    this.#state.marks.push({ name, nodes: this.#state.nodes.length })
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

  /** A scalar in the type that the graph computes in, or the one named; shared by all who ask for the same number. */
  scalar(number: number, dtype: Target['dtype'] = this.target.dtype): Value {
    const value = () =>
      dtype === 'float16' ? tensor(dtype, [], Uint16Array.of(float32ToFloat16(number))) : tensor(dtype, [], Float32Array.of(number))
    return this.once(`scalar ${dtype} ${number}`, () => this.at('').constant(value()))
  }

  /** An int64 vector such as a shape or a list of axes, shared likewise. */
  int64s(numbers: readonly number[]): Value {
    return this.once(`int64s ${numbers.join()}`, () =>
      this.at('').constant(tensor('int64', [numbers.length], BigInt64Array.from(numbers, BigInt))),
    )
  }

  /** Builds a value that depends on no input once per key, in the root. */
  once(key: string, build: (root: Graph) => Value): Value {
    const known = this.#state.constants.get(key)
    if (known) return known
    const value = build(this.root)
    this.#state.constants.set(key, value)
    return value
  }

  /** Adds a node with one result of the given type. */
  node(opType: string, inputs: readonly (Value | undefined)[], output: OutputType, options: NodeOptions = {}): Value {
    return this.results(opType, inputs, [output], options)[0]!
  }

  /** Adds a node with several results of the given types. */
  results(opType: string, inputs: readonly (Value | undefined)[], types: readonly OutputType[], options: NodeOptions = {}): Value[] {
    const { attributes = {}, domain = '' } = options
    const name = this.#unique(this.#join(opType))
    const outputs = types.map(({ dtype, shape }, i): Value => {
      if (elementCount(shape) <= 0 || !shape.every(Number.isInteger))
        throw new RangeError(`${name}: the result would have the shape [${shape}]`)
      return { name: i === 0 ? name : this.#unique(`${name}.${i}`), dtype, shape: [...shape] }
    })
    this.#state.nodes.push({ name, opType, domain, inputs: inputs.map((input) => input?.name ?? ''), outputs, attributes })
    return outputs
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

function newState(name: string, target: Target, { initializers, taps, names, constants }: Shared, root?: State): State {
  const own = { name, target, inputs: [], outputs: [], nodes: [], marks: [], initializers, taps, names, constants }
  return root ? { ...own, root } : own
}
