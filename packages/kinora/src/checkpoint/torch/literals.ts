// The arguments of opcodes that stand for values: strings, integers and floats, as bytes or as lines of
// text, and names of classes. Each is read from the pickle's bytes and checked to be what it claims.

import { excerpt } from '../json.ts'
import { COST, type Machine } from './machine.ts'
import { decodeInteger, decodeLatin1, decodeUtf8, parseFloatText, parseInteger, unquote } from './text.ts'
import { PyGlobal, type PyValue } from './values.ts'

export function pushText(m: Machine, text: string): void {
  m.push(text, 32 + 2 * text.length)
}

export function pushUtf8(m: Machine, length: number): void {
  const text = decodeUtf8(m.bytes.take(length))
  if (text === undefined) throw m.bytes.damaged('has a string that is not UTF-8')
  pushText(m, text)
}

/** A string of Python 2: text or any bytes. */
export function pushOldString(m: Machine, length: number): void {
  const bytes = m.bytes.take(length)
  const text = decodeUtf8(bytes)
  if (text === undefined) m.push(bytes, COST.view)
  else pushText(m, text)
}

export function textLine(m: Machine): string {
  const text = decodeUtf8(m.bytes.line())
  if (text === undefined) throw m.bytes.damaged('has a line that is not UTF-8')
  m.spend(2 * text.length)
  return text
}

export function globalLines(m: Machine): PyGlobal {
  return new PyGlobal(textLine(m), textLine(m))
}

export function globalOf(m: Machine, [module, name]: PyValue[]): PyGlobal {
  if (typeof module !== 'string' || typeof name !== 'string') throw m.bytes.damaged('names a class by something else than strings')
  return new PyGlobal(module, name)
}

export function quotedLine(m: Machine): string {
  const text = unquote(decodeLatin1(m.bytes.line()))
  if (text === undefined) throw m.bytes.damaged('has a string without quotes')
  return text
}

export function integer(m: Machine, length: number): number | bigint {
  const value = decodeInteger(m.bytes.take(length))
  if (value === undefined) throw m.bytes.damaged(`has an integer of ${length} bytes`)
  return value
}

/** `I01` is True and `I00` False. */
export function integerLine(m: Machine, mayBeBoolean: boolean): PyValue {
  const text = textLine(m)
  if (mayBeBoolean && (text === '00' || text === '01')) return text === '01'
  const value = parseInteger(text)
  if (value === undefined) throw m.bytes.damaged(`has the integer ${excerpt(text)}`)
  return value
}

export function floatLine(m: Machine): number {
  const text = textLine(m)
  const value = parseFloatText(text)
  if (value === undefined) throw m.bytes.damaged(`has the number ${excerpt(text)}`)
  return value
}

export function indexLine(m: Machine): number {
  const value = integerLine(m, false)
  if (typeof value !== 'number' || value < 0) throw m.bytes.damaged('has a memo index that is none')
  return value
}
