// What is the same for all operations of the document: what each answer means and its headers, no answers that an
// operation cannot give, no schemas that nothing names.

import type { Document, Method, Operation } from './document.ts'

const MEANINGS: Readonly<Record<string, string>> = {
  200: 'Done.',
  201: 'Made.',
  204: 'Done.',
  206: 'The part that was asked for.',
  304: 'Not changed since.',
  400: 'The request is not valid; `param` names the field.',
  401: 'Nobody is logged in: an API key or a session is missing, unknown or over.',
  403: 'Who asks may not do this.',
  404: 'There is no such thing, or it is somebody else’s.',
  409: 'Not in its present state.',
  410: 'It was there, and is not any more.',
  413: 'Too large.',
  415: 'A kind of body that is not taken.',
  416: 'No such part.',
  422: 'The key of an earlier, different request.',
  429: 'Too many: requests, or videos that wait.',
  500: 'The service failed; its log says why.',
  503: 'Not at present.',
}

const RETRY = { 'retry-after': { description: 'seconds after which asking again may help', schema: { type: 'integer' } } } as const
const REQUEST_ID = { 'x-request-id': { description: 'of this request, as in the log', schema: { type: 'string' } } } as const
const MAY_RETRY: ReadonlySet<string> = new Set(['409', '429', '503'])

/** The document with what is the same for all operations. */
export function completed(document: Document): Document {
  const paths = Object.fromEntries(
    Object.entries(document.paths).map(([path, item]) => [
      path,
      Object.fromEntries(
        Object.entries(item).map(([method, operation]) => [
          method,
          { ...operation, responses: answersOf(path, method as Method, operation) },
        ]),
      ),
    ]),
  )
  const tidy = withoutSafeBounds({ ...document, paths }) as Document
  return { ...tidy, components: { ...tidy.components, schemas: namedSchemas(tidy) } }
}

function answersOf(path: string, method: Method, operation: Operation): Operation['responses'] {
  const possible = Object.entries(operation.responses).filter(([status]) => canAnswer(status, path, method, operation))
  return Object.fromEntries(
    possible.map(([status, { description, content }]) => {
      const meaning = /^(Default Response)?$/.test(description) ? (MEANINGS[status] ?? 'An answer.') : description
      return [
        status,
        { description: meaning, headers: { ...REQUEST_ID, ...(MAY_RETRY.has(status) && RETRY) }, ...(content && { content }) },
      ]
    }),
  )
}

/** Routes list every error; some follow from what a route does not have. */
function canAnswer(status: string, path: string, method: Method, { security, parameters }: Operation): boolean {
  const changes = method !== 'get'
  const names = parameters !== undefined
  switch (status) {
    case '401':
      return security.length > 0 || changes
    case '404':
    case '409':
      return names || changes
    case '410':
      return path.startsWith('/v1/videos/') || (path === '/v1/videos' && changes)
    case '413':
    case '415':
      return changes
    default:
      return true
  }
}

/** Every whole number is one that JavaScript can count to; saying so at each hides the bounds that matter. */
function withoutSafeBounds(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSafeBounds)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([, inner]) => inner !== Number.MAX_SAFE_INTEGER && inner !== Number.MIN_SAFE_INTEGER)
  return Object.fromEntries(entries.map(([key, inner]) => [key, withoutSafeBounds(inner)]))
}

/** Those that an operation names, or one of them does. */
function namedSchemas({ paths, components }: Document): Document['components']['schemas'] {
  const named = new Set<string>()
  const visit = (value: unknown): void => {
    for (const [, name = ''] of JSON.stringify(value ?? null).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
      if (named.has(name)) continue
      named.add(name)
      visit(components.schemas[name])
    }
  }
  visit(paths)
  return Object.fromEntries(Object.entries(components.schemas).filter(([name]) => named.has(name)))
}
