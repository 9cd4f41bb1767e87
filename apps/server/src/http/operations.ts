// The API's own description, OpenAPI 3.1, made from the routes' schemas: `/openapi.json`. What a schema does not say is
// added here from the route's config: who may ask, and bodies that may be a form. complete.ts adds the rest.

import { readFileSync } from 'node:fs'
import swagger, { type SwaggerTransform } from '@fastify/swagger'
import type { FastifySchema } from 'fastify'
import { createJsonSchemaTransform, createJsonSchemaTransformObject } from 'fastify-type-provider-zod'
import type { App } from '../app-type.ts'
import { completed } from './complete.ts'
import { asDocument, type Document, type JsonSchema } from './document.ts'

/** What operations are sorted by, in the order in which they are shown. */
const TAGS = {
  videos: 'Make videos, watch them being made, get them.',
  queue: 'What waits, and in which order.',
  models: 'What can be asked for, with its limits and defaults.',
  account: 'Who is asking: sessions and API keys.',
  admin: 'For administrators: users, workers, storage, what was done.',
  operation: 'For whatever looks after the service.',
}

const DESCRIPTION = `Videos from text, made by this service's own workers.

The API has the shape of OpenAI's Videos API, so that its clients work here. What it takes and tells beyond that stands beside it in
plain fields. Times are seconds since 1970. A refusal is \`{"error": {"message", "type", "param", "code"}}\`. Every answer has the
header \`x-request-id\`, by which the service's log can be searched.`

const SECURITY = {
  bearer: { type: 'http', scheme: 'bearer', description: 'An API key: `Authorization: Bearer KEY`.' },
  cookie: {
    type: 'apiKey',
    in: 'cookie',
    name: 'kinora_session',
    description:
      'A session, begun with `POST /v1/session`. Whatever changes something then needs the header `x-csrf-token`, as `GET /v1/session` tells it.',
  },
} as const

/** Relative to where the document was found, since a proxy may put the service under any path. */
const SERVERS = [{ url: '.', description: 'the service that this document came from' }]

const PACKAGE = new URL('../../package.json', import.meta.url)
const { version: VERSION } = JSON.parse(readFileSync(PACKAGE, 'utf8')) as { version: string }
const toJson = createJsonSchemaTransform({ skipList: [] })
const toComponents = createJsonSchemaTransformObject({})

/** Before the first route, since it has to see them all. */
export async function describeOperations(app: App): Promise<void> {
  await app.register(swagger, {
    convertConstToEnum: false,
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Kinora', version: VERSION, description: DESCRIPTION, license: { name: 'Apache-2.0' } },
      tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
      components: { securitySchemes: SECURITY },
    },
    transform,
    transformObject: (object) => ({ ...completed(asDocument(toComponents(object))), servers: SERVERS }) as ReturnType<typeof toComponents>,
  })
}

/** The document of a ready application. */
export function openApi(app: App): Document {
  return asDocument(app.swagger())
}

const transform: SwaggerTransform = (given) => {
  const { access, form } = given.route.config ?? {}
  if (given.schema?.hide) return { url: given.url, schema: { hide: true } }
  const { url, schema } = toJson(given)
  const security = access === 'public' ? [] : [{ bearer: [] }, { cookie: [] }]
  if (!form) return { url, schema: { ...schema, security } }
  const fields = toJson({ ...given, schema: { body: form.fields } }).schema.body as JsonSchema
  return { url, schema: { ...schema, security, body: formContent(fields, form.files ?? []) } }
}

/** As JSON; and as a form, where some fields may be files. */
function formContent(fields: JsonSchema, files: readonly string[]): FastifySchema['body'] {
  const file = (field?: JsonSchema): JsonSchema => {
    const binary = { type: 'string', format: 'binary', description: 'the file itself' }
    return field ? { anyOf: [binary, field], ...(field.description && { description: field.description }) } : binary
  }
  const asFiles = Object.fromEntries(files.map((name) => [name, file(fields.properties?.[name])]))
  const asForm = { ...fields, properties: { ...fields.properties, ...asFiles } }
  return { content: { 'application/json': { schema: fields }, 'multipart/form-data': { schema: asForm } } }
}
