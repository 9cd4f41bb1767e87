// JSON schemas in few words, and as a list of fields: what the reference page shows of them.

import type { Document, JsonSchema } from './document.ts'

export interface Field {
  readonly name: string
  /** How many objects it lies in, 0 to 2. */
  readonly depth: number
  readonly required: boolean
  readonly schema: JsonSchema
}

const MOST_DEPTH = 2

export function withoutRef(schema: JsonSchema, document: Document): JsonSchema {
  const name = schema.$ref?.split('/').at(-1)
  return name === undefined ? schema : (document.components.schemas[name] ?? {})
}

/** An object's fields with those of objects (and of lists of objects) in it. */
export function fieldsOf(schema: JsonSchema, document: Document, depth = 0): Field[] {
  const { properties = {}, required = [] } = objectIn(schema, document)
  return Object.entries(properties).flatMap(([name, field]) => [
    { name, depth, required: required.includes(name), schema: field },
    ...(depth < MOST_DEPTH ? fieldsOf(field, document, depth + 1) : []),
  ])
}

/** The object that a schema is, lists, or may be among other things. */
function objectIn(schema: JsonSchema, document: Document): JsonSchema {
  const whole = withoutRef(schema, document)
  if (whole.properties) return whole
  if (whole.items) return objectIn(whole.items, document)
  const choices = [...(whole.anyOf ?? []), ...(whole.oneOf ?? []), ...(whole.allOf ?? [])]
  return choices.map((choice) => objectIn(choice, document)).find(({ properties }) => properties) ?? {}
}

/** `integer, 1 to 200, 20 if absent` */
export function kindOf(schema: JsonSchema, document: Document): string {
  const whole = withoutRef(schema, document)
  const fallback = whole.default === undefined ? [] : [`${JSON.stringify(whole.default)} if absent`]
  return [typeOf(whole, document), ...boundsOf(whole), ...fallback].join(', ')
}

function typeOf(schema: JsonSchema, document: Document): string {
  const choices = schema.anyOf ?? schema.oneOf
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ')
  if (choices) return [...new Set(choices.map((choice) => kindOf(choice, document)))].join(' or ')
  if (schema.type === 'array') return schema.items ? `list of ${kindOf(schema.items, document)}` : 'list'
  if (schema.format === 'binary') return 'file'
  return typeof schema.type === 'string' ? schema.type : (schema.type?.join(' or ') ?? 'anything')
}

function boundsOf({ minimum, maximum, exclusiveMinimum, exclusiveMaximum, minLength, maxLength }: JsonSchema): string[] {
  const least = minimum ?? (exclusiveMinimum === undefined ? undefined : `more than ${exclusiveMinimum}`)
  const most = maximum ?? (exclusiveMaximum === undefined ? undefined : `less than ${exclusiveMaximum}`)
  const value = range(least, most)
  const length = range(minLength, maxLength)
  return [...(value === undefined ? [] : [value]), ...(length === undefined ? [] : [`${length} characters`])]
}

function range(least: number | string | undefined, most: number | string | undefined): string | undefined {
  if (least === undefined) return most === undefined ? undefined : `at most ${most}`
  return most === undefined ? `at least ${least}` : `${least} to ${most}`
}
