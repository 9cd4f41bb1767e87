// A call of an operation, for a shell.

import { fieldsOf, withoutRef } from './docs-schema.ts'
import type { Document, JsonSchema, Method, Operation } from './document.ts'

/** Values that say more than a type's zero. */
const EXAMPLES: Readonly<Record<string, unknown>> = {
  prompt: 'a red panda surfing a wave at sunset',
  seconds: '2',
  after: null,
  name: 'ann',
}

export function curlCall(path: string, method: Method, { security, parameters = [], requestBody }: Operation, document: Document): string {
  const query = parameters.filter((parameter) => parameter.in === 'query' && parameter.required).map(({ name }) => `${name}=VALUE`)
  const address = path.replace(/\{(\w+)\}/g, (_, name: string) => name.toUpperCase())
  const url = `"$KINORA_URL${address}${query.length > 0 ? `?${query.join('&')}` : ''}"`
  const lines = [`curl ${method === 'get' ? '' : `-X ${method.toUpperCase()} `}${url}`]
  if (security.length > 0) lines.push('-H "Authorization: Bearer $KINORA_KEY"')
  const json = requestBody?.content['application/json']
  if (json)
    lines.push('-H "Content-Type: application/json"', `-d '${JSON.stringify(exampleOf(json.schema, document)).replaceAll("'", "'\\''")}'`)
  return lines.join(' \\\n  ')
}

/** An object with what is required. */
function exampleOf(schema: JsonSchema, document: Document): unknown {
  const required = fieldsOf(schema, document).filter(({ depth, required }) => depth === 0 && required)
  return Object.fromEntries(
    required.map(({ name, schema: field }) => [name, name in EXAMPLES ? EXAMPLES[name] : valueFor(field, document)]),
  )
}

function valueFor(schema: JsonSchema, document: Document): unknown {
  const { type, const: only, enum: choices, anyOf, default: fallback, minimum = 1, items, properties } = withoutRef(schema, document)
  if (only !== undefined) return only
  if (fallback !== undefined) return fallback
  if (choices) return choices[0]
  if (anyOf) return valueFor(anyOf.find((choice) => withoutRef(choice, document).properties) ?? anyOf[0]!, document)
  if (properties) return exampleOf(schema, document)
  if (type === 'integer' || type === 'number') return minimum
  if (type === 'array') return items ? [valueFor(items, document)] : []
  return type === 'boolean' ? true : 'TEXT'
}
