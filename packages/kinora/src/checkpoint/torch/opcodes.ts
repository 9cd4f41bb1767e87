// What each opcode of Python's pickle format does, protocols 0 to 5. Left out are the two that pickles of
// torch cannot hold: the extension registry and buffers outside the pickle. Meanings: CPython's
// Lib/pickletools.py, where each opcode is described.

import {
  floatLine,
  globalLines,
  globalOf,
  indexLine,
  integer,
  integerLine,
  pushOldString,
  pushText,
  pushUtf8,
  quotedLine,
  textLine,
} from './literals.ts'
import { COST, type Machine } from './machine.ts'
import { decodeLatin1, unescapeUnicode } from './text.ts'
import type { PyValue } from './values.ts'

type Action = (m: Machine) => void

const CONSTANTS: Readonly<Record<string, Action>> = {
  N: (m) => m.push(null),
  '\x88': (m) => m.push(true),
  '\x89': (m) => m.push(false),
  I: (m) => m.push(integerLine(m, true)),
  J: (m) => m.push(m.bytes.int32()),
  K: (m) => m.push(m.bytes.uint8()),
  M: (m) => m.push(m.bytes.uint16()),
  L: (m) => m.push(integerLine(m, false), COST.view),
  '\x8a': (m) => m.push(integer(m, m.bytes.uint8()), COST.view),
  '\x8b': (m) => m.push(integer(m, m.bytes.uint32()), COST.view),
  F: (m) => m.push(floatLine(m)),
  G: (m) => m.push(m.bytes.float64()),
  S: (m) => pushText(m, quotedLine(m)),
  V: (m) => pushText(m, unescapeUnicode(decodeLatin1(m.bytes.line()))),
  T: (m) => pushOldString(m, m.bytes.uint32()),
  U: (m) => pushOldString(m, m.bytes.uint8()),
  '\x8c': (m) => pushUtf8(m, m.bytes.uint8()),
  X: (m) => pushUtf8(m, m.bytes.uint32()),
  '\x8d': (m) => pushUtf8(m, m.bytes.uint64()),
  C: (m) => m.push(m.bytes.take(m.bytes.uint8()), COST.view),
  B: (m) => m.push(m.bytes.take(m.bytes.uint32()), COST.view),
  '\x8e': (m) => m.push(m.bytes.take(m.bytes.uint64()), COST.view),
  '\x96': (m) => m.push(m.bytes.take(m.bytes.uint64()), COST.view),
}

const CONTAINERS: Readonly<Record<string, Action>> = {
  ']': (m) => m.push([], COST.list),
  ')': (m) => m.push([], COST.list),
  '\x8f': (m) => m.push([], COST.list),
  '}': (m) => m.pushDict([]),
  l: (m) => m.push(m.popToMark(), COST.list),
  t: (m) => m.push(m.popToMark(), COST.list),
  '\x91': (m) => m.push(m.popToMark(), COST.list),
  d: (m) => m.pushDict(m.popToMark()),
  '\x85': (m) => pushTuple(m, 1),
  '\x86': (m) => pushTuple(m, 2),
  '\x87': (m) => pushTuple(m, 3),
  a: (m) => change(m, [m.pop()], (target, values) => m.append(target, values)),
  e: (m) => change(m, m.popToMark(), (target, values) => m.append(target, values)),
  '\x90': (m) => change(m, m.popToMark(), (target, values) => m.append(target, values)),
  s: (m) => change(m, popMany(m, 2), (target, pairs) => m.setItems(target, pairs)),
  u: (m) => change(m, m.popToMark(), (target, pairs) => m.setItems(target, pairs)),
}

const OBJECTS: Readonly<Record<string, Action>> = {
  c: (m) => m.push(globalLines(m), COST.view),
  '\x93': (m) => m.push(globalOf(m, popMany(m, 2)), COST.view),
  P: (m) => m.push(m.persistentLoad(textLine(m)), COST.call),
  Q: (m) => m.push(m.persistentLoad(m.pop()), COST.call),
  R: (m) => callWith(m, popMany(m, 2)),
  '\x81': (m) => callWith(m, popMany(m, 2)),
  '\x92': (m) => newObject(m, popMany(m, 3)),
  i: (m) => m.call(globalLines(m), m.popToMark()),
  o: (m) => callFirst(m, m.popToMark()),
  b: (m) => m.build(m.pop()),
}

const STACK_AND_MEMO: Readonly<Record<string, Action>> = {
  '(': (m) => m.mark(),
  '0': (m) => m.popOrUnmark(),
  '1': (m) => m.popToMark(),
  '2': (m) => m.push(m.top()),
  p: (m) => m.put(indexLine(m)),
  q: (m) => m.put(m.bytes.uint8()),
  r: (m) => m.put(m.bytes.uint32()),
  '\x94': (m) => m.memoize(),
  g: (m) => m.get(indexLine(m)),
  h: (m) => m.get(m.bytes.uint8()),
  j: (m) => m.get(m.bytes.uint32()),
  '\x80': (m) => protocol(m, m.bytes.uint8()),
  '\x95': (m) => m.bytes.expect(m.bytes.uint64()),
}

const ACTIONS: readonly (Action | undefined)[] = Object.entries({ ...CONSTANTS, ...CONTAINERS, ...OBJECTS, ...STACK_AND_MEMO }).reduce(
  (table, [opcode, action]) => table.with(opcode.charCodeAt(0), action),
  Array<Action | undefined>(256).fill(undefined),
)

/** Carries out one opcode; its arguments are the machine's next bytes. Throws CheckpointError for one that is not read. */
export function act(opcode: number, m: Machine): void {
  const action = ACTIONS[opcode]
  if (!action) throw m.bytes.damaged(`has the opcode 0x${opcode.toString(16).padStart(2, '0')}, which no PyTorch file uses,`)
  action(m)
}

function protocol(m: Machine, version: number): void {
  if (version > 5) throw m.bytes.damaged(`is of protocol ${version}, newer than 5`)
}

/** The top `count` values in the order they were pushed. */
function popMany(m: Machine, count: number): PyValue[] {
  const values: PyValue[] = Array(count)
  for (let i = count - 1; i >= 0; i--) values[i] = m.pop()
  return values
}

function pushTuple(m: Machine, count: number): void {
  m.push(popMany(m, count), COST.list)
}

/** An action on the value below those taken, which stays on the stack. */
function change(m: Machine, values: PyValue[], action: (target: PyValue, values: PyValue[]) => void): void {
  action(m.top(), values)
}

function callWith(m: Machine, [callable = null, args = null]: PyValue[]): void {
  m.call(callable, args)
}

/** With keyword arguments nothing known is meant. */
function newObject(m: Machine, [callable = null, args = null, keywords = null]: PyValue[]): void {
  m.pushObject(callable, [args, keywords])
}

function callFirst(m: Machine, [callable, ...args]: PyValue[]): void {
  if (callable === undefined) throw m.bytes.damaged('makes an object of no class')
  m.call(callable, args)
}
