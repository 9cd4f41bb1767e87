// Multipart fields as the object that JSON would have been: the openai client nests with brackets (`lora[][name]`,
// `input_reference[image_url]`) and sends every number as a string. Strings stay strings here; the schemas coerce.

import { ServerError } from '../errors.ts'

export type FormValue = string | FormValue[] | { [name: string]: FormValue }

const MOST_DEPTH = 4
const MOST_FIELDS = 200
const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/

/** Throws ServerError for names that are no such paths, for too many of them, and where two mean different forms. */
export function nestFields(fields: Iterable<readonly [string, string]>): Record<string, FormValue> {
  const root: Record<string, FormValue> = Object.create(null) as Record<string, FormValue>
  let count = 0
  for (const [name, value] of fields) {
    if (++count > MOST_FIELDS) throw refusal(`the form has more than ${MOST_FIELDS} fields`)
    place(root, pathOf(name), value, name)
  }
  return root
}

/** `a[b][]` -> ['a', 'b', ''] */
function pathOf(name: string): string[] {
  const [head = '', ...rest] = name.split('[')
  const inner = rest.map((part) => (part.endsWith(']') ? part.slice(0, -1) : undefined))
  const path = [head, ...inner.map((part) => part ?? '?')]
  const valid = path.every((part, i) => (i > 0 && part === '') || NAME.test(part))
  if (!valid || path.length > MOST_DEPTH) throw refusal(`the form's field ${JSON.stringify(name.slice(0, 80))} has no name that is known`)
  return path
}

function place(into: Record<string, FormValue>, [name, next, ...rest]: readonly string[], value: string, full: string): void {
  const known = into[name!]
  if (next === undefined) {
    if (known !== undefined) throw refusal(`the form has the field ${full} twice`)
    into[name!] = value
  } else if (next === '') {
    const list = known ?? (into[name!] = [])
    if (!Array.isArray(list)) throw refusal(`the form's field ${full} is a list here and something else there`)
    if (rest.length === 0) list.push(value)
    else append(list, rest, value, full)
  } else {
    const object = known ?? (into[name!] = Object.create(null) as Record<string, FormValue>)
    if (typeof object === 'string' || Array.isArray(object)) throw refusal(`the form's field ${full} is nested here and plain there`)
    place(object, [next, ...rest], value, full)
  }
}

/** A list's last object, until it has this field: then a new one begins. */
function append(list: FormValue[], path: readonly string[], value: string, full: string): void {
  const last = list.at(-1)
  const open = typeof last === 'object' && !Array.isArray(last) && !(path[0]! in last) ? last : undefined
  const object = open ?? (Object.create(null) as Record<string, FormValue>)
  if (!open) list.push(object)
  place(object, path, value, full)
}

function refusal(message: string): ServerError {
  return new ServerError(message, { status: 400, code: 'invalid_form' })
}
