// Names for the tensors of an unpickled checkpoint: keys of nested dicts and positions in lists, joined by
// dots. Every bound here is on what a small file could name by listing the same values again and again.

import { CheckpointError } from '../../errors.ts'
import { excerpt } from '../json.ts'
import { dictOf, findStateDict } from './state-dict.ts'
import { describe, PyGlobal, PyObject, type PyValue, TorchStorage, TorchTensor } from './values.ts'

const MAX_DEPTH = 32
const MAX_NAME_LENGTH = 4096
const MAX_VALUES = 100_000
const MAX_NAMES_LENGTH = 32 * 2 ** 20

/**
 * The checkpoint's tensors by name, and its numbers (LoRA files keep each `alpha` as one). Where it has a state dict, that alone
 * is meant (state-dict.ts). A list's tensors are called `0`, `1`, ...; a lone tensor `0`. Values that only Python could make are
 * left out. Throws CheckpointError when such a value is a tensor, for a name held twice, and for values that hold themselves.
 */
export function nameTensors(value: PyValue, file: string, notRun: readonly string[]): ReadonlyMap<string, TorchTensor | number> {
  const walk = new Walk(file)
  const meant = findStateDict(value) ?? (value instanceof TorchTensor ? [value] : value)
  if (!dictOf(meant) && !Array.isArray(meant)) throw new CheckpointError(`${file} holds ${describe(value)}, not tensors`)
  walk.visit(meant, '')
  if (notRun.length > 0 && ![...walk.named.values()].some((found) => found instanceof TorchTensor))
    throw new CheckpointError(
      `${file} holds no tensors that can be read without running Python code (it asks for ${notRun.map((name) => excerpt(name)).join(', ')}): ` +
        "save the model's state_dict(), not the model itself",
    )
  return walk.named
}

class Walk {
  readonly named = new Map<string, TorchTensor | number>()
  readonly #file: string
  /** Containers around the value that is visited. */
  readonly #around = new Set<PyValue>()
  /** What was searched for tensors in vain. */
  readonly #searched = new Set<PyValue>()
  #values = 0
  #namesLength = 0

  constructor(file: string) {
    this.#file = file
  }

  visit(value: PyValue, name: string): void {
    if (value instanceof TorchTensor || typeof value === 'number') this.#add(name, value)
    else if (value instanceof PyObject) this.#visitObject(value, name)
    else if (value instanceof Map) this.#enter(value, name, value)
    else if (Array.isArray(value)) this.#enter(value, name, value.entries())
  }

  #add(name: string, value: TorchTensor | number): void {
    if (this.named.has(name)) throw this.#error(`names ${excerpt(name)} twice`)
    this.#namesLength += name.length
    if (this.#namesLength > MAX_NAMES_LENGTH) throw this.#error(`has names of more than ${MAX_NAMES_LENGTH} characters in all`)
    this.named.set(name, value)
  }

  #enter(container: PyValue, name: string, entries: Iterable<[PyValue, PyValue]>): void {
    if (this.#around.has(container)) throw this.#error(`has at ${shown(name)} a value that holds itself`)
    if (this.#around.size === MAX_DEPTH) throw this.#error(`nests values deeper than ${MAX_DEPTH} at ${shown(name)}`)
    this.#around.add(container)
    for (const [key, value] of entries) {
      if (++this.#values > MAX_VALUES) throw this.#error(`lists more than ${MAX_VALUES} values`)
      if (typeof key === 'string' || typeof key === 'number') this.visit(value, this.#join(name, String(key)))
    }
    this.#around.delete(container)
  }

  #join(name: string, key: string): string {
    if (name.length + key.length > MAX_NAME_LENGTH) throw this.#error(`has a name of more than ${MAX_NAME_LENGTH} characters`)
    return name === '' ? key : `${name}.${key}`
  }

  /** An object of an unknown class: a dict's or list's subclass is read as such; what a tensor went into may be a tensor itself. */
  #visitObject(object: PyObject, name: string): void {
    const { callable } = object
    if ((callable instanceof PyGlobal && /^torch\._(utils|tensor)\._rebuild/.test(callable.path)) || this.#madeOfTensors(object))
      throw new CheckpointError(
        `${this.#file}: tensor ${shown(name)} is ${describe(object)}, and Kinora runs no code of a file: save it as a plain dense tensor`,
      )
    const items = dictOf(object)!
    this.#enter(object, name, items.size > 0 ? items : object.list.entries())
  }

  /** Whether a tensor or storage is among the arguments of the call, at any depth. */
  #madeOfTensors(object: PyObject): boolean {
    const open: PyValue[] = [object]
    for (let value = open.pop(); value !== undefined; value = open.pop()) {
      if (value instanceof TorchTensor || value instanceof TorchStorage) return true
      const inner =
        value instanceof PyObject ? [value.args] : Array.isArray(value) ? value : value instanceof Map ? value.values() : undefined
      if (!inner || this.#searched.has(value)) continue
      this.#searched.add(value)
      for (const item of inner) open.push(item)
    }
    return false
  }

  #error(reason: string): CheckpointError {
    return new CheckpointError(`${this.#file} ${reason}: it is damaged, hostile or no file of weights`)
  }
}

function shown(name: string): string {
  return name === '' ? 'the top' : excerpt(name)
}
