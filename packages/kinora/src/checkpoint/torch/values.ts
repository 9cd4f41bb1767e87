// What the values of a pickle become in JavaScript. Lists and tuples are arrays, dicts are Maps (never
// plain objects: a file may call a key `__proto__`), and every class, function or object that is not
// known stays an inert record of what the file wanted done. Nothing here runs anything.

import { excerpt } from '../json.ts'
import type { TorchType } from './types.ts'

export type PyValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | PyValue[]
  | PyDict
  | PyGlobal
  | PyObject
  | TorchStorage
  | TorchTensor

export type PyDict = Map<PyValue, PyValue>

/** A class or function, by name alone. */
export class PyGlobal {
  readonly module: string
  readonly name: string

  constructor(module: string, name: string) {
    this.module = module
    this.name = name
  }

  get path(): string {
    return `${this.module}.${this.name}`
  }
}

/** What a call of something unknown would have given. It keeps what the file says about it, so that dict and list subclasses can be read. */
export class PyObject {
  readonly callable: PyValue
  readonly args: PyValue[]
  /** Entries set on it, as on a dict. */
  readonly items: PyDict = new Map()
  /** Values appended to it, as to a list. */
  readonly list: PyValue[] = []

  constructor(callable: PyValue, args: PyValue[]) {
    this.callable = callable
    this.args = args
  }
}

/** A block of equal elements that tensors are views of. `start` and `count` (in elements) cut a part out of the stored block of `wholeCount`. */
export class TorchStorage {
  readonly key: string
  readonly type: TorchType
  readonly wholeCount: number
  readonly start: number
  readonly count: number

  constructor(key: string, type: TorchType, wholeCount: number, start = 0, count = wholeCount) {
    this.key = key
    this.type = type
    this.wholeCount = wholeCount
    this.start = start
    this.count = count
  }
}

/** A view of a storage; `offset` and `stride` count elements of `type`. Not yet checked to lie inside the storage. */
export class TorchTensor {
  readonly storage: TorchStorage
  readonly type: TorchType
  readonly offset: number
  readonly shape: readonly number[]
  readonly stride: readonly number[]

  constructor(storage: TorchStorage, type: TorchType, offset: number, shape: readonly number[], stride: readonly number[]) {
    this.storage = storage
    this.type = type
    this.offset = offset
    this.shape = shape
    this.stride = stride
  }
}

/** A value in the words of a message. */
export function describe(value: PyValue | undefined): string {
  if (value === undefined) return 'nothing'
  if (value === null) return 'None'
  if (value instanceof PyGlobal) return excerpt(value.path)
  if (value instanceof PyObject) return `what ${describe(calledFirst(value))} would return`
  if (value instanceof TorchTensor) return 'a tensor'
  if (value instanceof TorchStorage) return 'a storage'
  if (value instanceof Map) return 'a dict'
  if (value instanceof Uint8Array) return 'bytes'
  return typeof value === 'bigint' ? 'an integer of more than 53 bits' : excerpt(value)
}

/** The function at the root of calls of calls. */
function calledFirst(object: PyObject): PyValue {
  let callable: PyValue = object.callable
  while (callable instanceof PyObject) callable = callable.callable
  return callable
}
