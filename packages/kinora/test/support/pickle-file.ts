// Writes Python pickles for tests: plain values, and what only a hostile or foreign file holds (any
// global, any call, raw opcodes). Protocol 2, as torch.save writes it, without the memo except where a
// test asks for it. Format: Lib/pickletools.py of CPython.

/** A value as Python has it. Whole numbers become int, others float; arrays lists, objects and Maps dicts. */
export type Py =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | readonly Py[]
  | PyNode
  | Map<Py, Py>
  | { readonly [key: string]: Py }

/** What has no JavaScript twin; made by the functions below. */
export class PyNode {
  readonly opcodes: Uint8Array
  constructor(...parts: (string | Uint8Array)[]) {
    this.opcodes = Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part)))
  }
}

/** A class or function by name. */
export const pyGlobal = (module: string, name: string) => new PyNode(`c${module}\n${name}\n`)
export const pyTuple = (...items: Py[]) => new PyNode('(', ...items.map(encode), 't')
/** `callable(*args)`, and `__setstate__(state)` where given. */
export const pyCall = (callable: Py, args: readonly Py[], state?: Py) =>
  new PyNode(encode(callable), encode(pyTuple(...args)), 'R', ...(state === undefined ? [] : [encode(state), 'b']))
/** What the unpickler's `persistent_load` makes of `id`. */
export const pyPersistent = (id: Py) => new PyNode(encode(id), 'Q')
/** Opcodes that leave one value on the stack. */
export const pyRaw = (...parts: (string | Uint8Array)[]) => new PyNode(...parts)
/** Stores a value in the memo, or takes it from there. */
export const pyPut = (index: number, value: Py) => new PyNode(encode(value), 'r', uint32(index))
export const pyGet = (index: number) => new PyNode('j', uint32(index))
export const pyOrderedDict = (items: Readonly<Record<string, Py>>) =>
  new PyNode('ccollections\nOrderedDict\n)R(', ...Object.entries(items).flatMap(([key, value]) => [encode(key), encode(value)]), 'u')

/** A whole pickle of one value. */
export function pickle(value: Py): Uint8Array {
  return new Uint8Array(Buffer.concat([Buffer.from([0x80, 2]), encode(value), Buffer.from('.')]))
}

function encode(value: Py): Uint8Array {
  if (value === null) return Buffer.from('N')
  if (value instanceof PyNode) return value.opcodes
  if (value instanceof Uint8Array) return Buffer.concat([Buffer.from('B'), uint32(value.length), value])
  if (value instanceof Map) return encodeDict([...value])
  if (typeof value === 'boolean') return Buffer.from(value ? [0x88] : [0x89])
  if (typeof value === 'number') return Number.isInteger(value) ? encodeInteger(BigInt(value)) : encodeFloat(value)
  if (typeof value === 'bigint') return encodeInteger(value)
  if (typeof value === 'string') return Buffer.concat([Buffer.from('X'), uint32(Buffer.byteLength(value)), Buffer.from(value)])
  return isList(value) ? Buffer.concat([Buffer.from(']('), ...value.map(encode), Buffer.from('e')]) : encodeDict(Object.entries(value))
}

function isList(value: object): value is readonly Py[] {
  return Array.isArray(value)
}

function encodeDict(items: readonly (readonly [Py, Py])[]): Uint8Array {
  return Buffer.concat([Buffer.from('}('), ...items.flatMap(([key, value]) => [encode(key), encode(value)]), Buffer.from('u')])
}

function encodeFloat(value: number): Uint8Array {
  const bytes = Buffer.alloc(9, 'G')
  bytes.writeDoubleBE(value, 1)
  return bytes
}

/** Two's complement of 8 bytes; more than tests need is not written. */
function encodeInteger(value: bigint): Uint8Array {
  const bytes = Buffer.from([0x8a, 8, 0, 0, 0, 0, 0, 0, 0, 0])
  bytes.writeBigInt64LE(value, 2)
  return bytes
}

export function uint32(value: number): Uint8Array {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}
