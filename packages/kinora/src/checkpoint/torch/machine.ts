// The state of a pickle's stack machine: stack, marks, memo and what it may still spend. Its actions are
// Python's, with one exception: calling something that is not in globals.ts gives a PyObject and runs
// nothing. opcodes.ts says which byte does what.

import { callKnown } from './globals.ts'
import type { PickleBytes } from './pickle-bytes.ts'
import { describe, type PyDict, PyGlobal, PyObject, type PyValue, TorchStorage, TorchTensor } from './values.ts'

/** Bytes that the values of one pickle may take, by estimate: some 30,000 tensors, five times what a training checkpoint of this family holds. */
const MAX_MEMORY = 64 * 2 ** 20

/** Estimates of what values cost the JavaScript engine, rounded up. `view` is for bytes and integers that are objects of their own. */
export const COST = { step: 16, list: 64, dict: 256, item: 64, call: 256, view: 192, memo: 64 } as const

export class Machine {
  readonly bytes: PickleBytes
  /** What the file's own loader makes of a persistent id. */
  readonly persistentLoad: (id: PyValue) => PyValue
  /** Names of what was called and not run, the first few, for messages. */
  readonly notRun = new Set<string>()
  readonly #stack: PyValue[] = []
  readonly #marks: number[] = []
  readonly #memo = new Map<number, PyValue>()
  #left = MAX_MEMORY

  constructor(bytes: PickleBytes, persistentLoad: (id: PyValue) => PyValue) {
    this.bytes = bytes
    this.persistentLoad = persistentLoad
  }

  spend(cost: number): void {
    this.#left -= cost
    if (this.#left < 0) throw this.bytes.damaged(`builds values of more than ${MAX_MEMORY / 2 ** 20} MiB`)
  }

  push(value: PyValue, cost = 0): void {
    this.spend(COST.step + cost)
    this.#stack.push(value)
  }

  pop(): PyValue {
    if (this.#stack.length <= (this.#marks.at(-1) ?? 0)) throw this.bytes.damaged('takes a value from an empty stack')
    return this.#stack.pop()!
  }

  /** The topmost value, left in place. */
  top(): PyValue {
    const value = this.pop()
    this.#stack.push(value)
    return value
  }

  mark(): void {
    this.spend(COST.step)
    this.#marks.push(this.#stack.length)
  }

  /** Everything above the last mark, which goes too. */
  popToMark(): PyValue[] {
    const start = this.#marks.pop()
    if (start === undefined) throw this.bytes.damaged('asks for a mark that was not set')
    return this.#stack.splice(start)
  }

  /** POP removes a mark where one is on top. */
  popOrUnmark(): void {
    if (this.#marks.at(-1) === this.#stack.length) this.#marks.pop()
    else this.pop()
  }

  put(index: number): void {
    this.spend(COST.memo)
    this.#memo.set(index, this.top())
  }

  memoize(): void {
    this.put(this.#memo.size)
  }

  get(index: number): void {
    const value = this.#memo.get(index)
    if (value === undefined) throw this.bytes.damaged(`asks for memo entry ${index}, which was not stored`)
    this.push(value)
  }

  /** `callable(*args)`. */
  call(callable: PyValue, args: PyValue): void {
    if (!Array.isArray(args)) throw this.bytes.damaged(`calls ${describe(callable)} with ${describe(args)} in place of arguments`)
    const known = callable instanceof PyGlobal ? callKnown(callable.path, args, this) : undefined
    if (known !== undefined) this.push(known, COST.call)
    else this.pushObject(callable, args)
  }

  pushObject(callable: PyValue, args: PyValue[]): void {
    if (this.notRun.size < 5 && callable instanceof PyGlobal) this.notRun.add(callable.path)
    this.push(new PyObject(callable, args), COST.call + COST.dict + COST.list)
  }

  /** `target[key] = value` for a flat list of keys and values. */
  setItems(target: PyValue, pairs: readonly PyValue[]): void {
    const items = target instanceof PyObject ? target.items : target
    if (!(items instanceof Map)) throw this.bytes.damaged(`sets items of ${describe(target)}`)
    if (pairs.length % 2 === 1) throw this.bytes.damaged('has a dict key without a value')
    this.spend((COST.item * pairs.length) / 2)
    for (let i = 0; i < pairs.length; i += 2) items.set(pairs[i]!, pairs[i + 1]!)
  }

  pushDict(pairs: readonly PyValue[]): void {
    const dict: PyDict = new Map()
    this.push(dict, COST.dict)
    this.setItems(dict, pairs)
  }

  append(target: PyValue, values: readonly PyValue[]): void {
    const list = target instanceof PyObject ? target.list : target
    if (!Array.isArray(list)) throw this.bytes.damaged(`appends to ${describe(target)}`)
    this.spend(COST.step * values.length)
    for (const value of values) list.push(value)
  }

  /** `target.__setstate__(state)`: attributes of dicts, lists and unknown objects hold no tensors that anyone looks for. */
  build(target: PyValue): void {
    if (target instanceof TorchTensor || target instanceof TorchStorage)
      throw this.bytes.damaged(`changes ${describe(target)} after it is made`)
  }
}
