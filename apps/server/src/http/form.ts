// Multipart fields as the object that JSON would have been: the openai client nests with brackets (`lora[][name]`,
// `input_reference[image_url]`) and sends every number as a string. Strings stay strings here; the schemas coerce.
// A part of the type application/json comes as its value.

import { ServerError } from '../errors.ts'

/** Objects have no prototype, so that no name in a form can reach one. */
export type FormObject = Record<string, unknown>

export const MOST_FIELDS = 200
const MOST_DEPTH = 4
const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/

/** Throws ServerError for names that are no such paths, for too many of them, and where two mean different forms. */
export function nestFields(fields: Iterable<readonly [string, unknown]>): FormObject {
  const root = newObject()
  let count = 0
  for (const [name, value] of fields) {
    count++
    if (count > MOST_FIELDS) throw refusal(`the form has more than ${MOST_FIELDS} fields`)
    place(root, pathOf(name), value, name)
  }
  return root
}

/** `a[b][]` -> ['a', 'b', ''] */
function pathOf(name: string): string[] {
  const [head = '', ...rest] = name.split('[')
  const path = [head, ...rest.map((part) => (part.endsWith(']') ? part.slice(0, -1) : '?'))]
  const valid = path.every((part, i) => (i > 0 && part === '') || NAME.test(part))
  if (!valid || path.length > MOST_DEPTH) throw refusal(`the form's field ${shown(name)} has no name that is known`)
  return path
}

function place(into: FormObject, [name = '', next, ...rest]: readonly string[], value: unknown, full: string): void {
  const known = into[name]
  if (next === undefined) {
    if (known !== undefined) throw refusal(`the form has the field ${shown(full)} twice, or once nested`)
    into[name] = value
  } else if (next === '') {
    const list = known ?? []
    if (!Array.isArray(list)) throw refusal(`the form's field ${shown(full)} is a list here and something else there`)
    into[name] = list
    append(list, rest, value, full)
  } else {
    const object = known ?? newObject()
    if (!isObject(object)) throw refusal(`the form's field ${shown(full)} is nested here and plain there`)
    into[name] = object
    place(object, [next, ...rest], value, full)
  }
}

/** `list[][name]`: into the list's last object, until that has the field: then a new one begins. */
function append(list: unknown[], path: readonly string[], value: unknown, full: string): void {
  const [first] = path
  if (first === undefined) list.push(value)
  else if (first === '') throw refusal(`the form's field ${shown(full)} is a list of lists, which none is`)
  else {
    const last = list.at(-1)
    const object = isObject(last) && !(first in last) ? last : newObject()
    if (object !== last) list.push(object)
    place(object, path, value, full)
  }
}

function newObject(): FormObject {
  return Object.create(null) as FormObject
}

/** One of those made here: what came as JSON, or Object.prototype by its name, is never added to. */
function isObject(value: unknown): value is FormObject {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === null
}

function shown(name: string): string {
  return JSON.stringify(name.slice(0, 80))
}

function refusal(message: string): ServerError {
  return new ServerError(message, { status: 400, code: 'invalid_form' })
}
