// The HTTP API's pages, from the document that the service itself gives at /openapi.json: a page for each tag, in it every
// operation with what it takes, what it answers, and a call of it. The service's own page at /docs says the same of its version.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { configSchema } from '../../../apps/server/src/config/config.ts'
import { curlCall } from '../../../apps/server/src/http/docs-example.ts'
import { fieldsOf, kindOf, withoutRef } from '../../../apps/server/src/http/docs-schema.ts'
import { type Answer, type Document, type JsonSchema, type Operation, operationsOf } from '../../../apps/server/src/http/document.ts'
import { openApi } from '../../../apps/server/src/http/operations.ts'
import { serve } from '../../../apps/server/src/serve.ts'
import { anchor, code, fence, prose, table } from './markdown.ts'
import type { Page } from './page.ts'

type Entry = ReturnType<typeof operationsOf>[number]

/** Of a service that is started for it, without a worker, in a folder that is removed. */
export async function readDocument(): Promise<Document> {
  const data = mkdtempSync(path.join(tmpdir(), 'kinora-reference-'))
  const service = await serve(configSchema.parse({ port: 0, data, workers: 0, auth: 'none', logLevel: 'silent' }))
  try {
    return openApi(service.app)
  } finally {
    await service.close()
    rmSync(data, { recursive: true, force: true })
  }
}

export function httpPages(document: Document): Page[] {
  const entries = operationsOf(document)
  const pages = document.tags.flatMap(({ name, description }) => {
    const own = entries.filter(({ operation }) => operation.tags[0] === name)
    if (own.length === 0) return []
    const parts = own.map((entry) => operationPart(entry, document))
    const title = `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`
    return [
      { path: `http/${name}.md`, title, entries: own, description, text: `${[`# ${title}`, prose(description), ...parts].join('\n\n')}\n` },
    ]
  })
  const sections = pages.flatMap(({ path: file, title, description, entries }) => [
    `## [${title}](${path.basename(file)})`,
    prose(description),
    overview(entries, path.basename(file)),
  ])
  const schemes = Object.values(document.components.securitySchemes).map(({ description }) => `- ${prose(description)}`)
  const about = prose(document.info.description)
  const head = [
    '# HTTP API',
    about,
    'A running service has the same at `/docs`, and as an OpenAPI document at `/openapi.json`.',
    '## Access',
    schemes.join('\n'),
  ]
  return [{ path: 'http/index.md', title: 'HTTP API', text: `${[...head, ...sections].join('\n\n')}\n` }, ...pages]
}

function overview(entries: readonly Entry[], file: string): string {
  const rows = entries.map(({ path: at, method, operation }) => [
    code(`${method.toUpperCase()} ${at}`),
    `[${prose(operation.summary)}](${file}#${anchor(operation.operationId)})`,
  ])
  return table(['Call', 'What it does'], rows)
}

function operationPart({ path: at, method, operation }: Entry, document: Document): string {
  const { operationId, summary, description, parameters = [], requestBody, responses, security } = operation
  return [
    `## ${prose(summary)} {#${anchor(operationId)}}`,
    `${code(`${method.toUpperCase()} ${at}`)}${security.length === 0 ? ' (open to all)' : ''}`,
    description === undefined ? '' : prose(description),
    parameters.length > 0 ? `**Parameters**\n\n${parameterTable(parameters, document)}` : '',
    requestBody ? bodyPart(requestBody.content, document) : '',
    `**Answers**\n\n${Object.entries(responses)
      .map(([status, answer]) => answerPart(status, answer, document))
      .join('\n\n')}`,
    fence('sh', curlCall(at, method, operation, document)),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
}

function parameterTable(parameters: NonNullable<Operation['parameters']>, document: Document): string {
  const rows = parameters.map(({ name, in: place, required, schema, description }) => [
    `${code(name)}${required ? ' (required)' : ''}`,
    `${prose(kindOf(schema, document))}${place === 'query' ? '' : ` in the ${place}`}`,
    prose(description ?? schema.description ?? ''),
  ])
  return table(['Name', 'Kind', 'Meaning'], rows)
}

function bodyPart(content: NonNullable<Operation['requestBody']>['content'], document: Document): string {
  const { schema } = content['multipart/form-data'] ?? Object.values(content)[0]!
  return `**Body** (${Object.keys(content).map(code).join(' or ')})\n\n${fieldTable(schema, document)}`
}

/** Refusals have one shape, which the introduction tells. */
function answerPart(status: string, { description, content = {} }: Answer, document: Document): string {
  const [type, first] = Object.entries(content)[0] ?? []
  const head = `- **${status}** ${prose(description)}${type === undefined || status >= '400' ? '' : ` (${code(type)})`}`
  const fields = first && status < '400' ? fieldTable(first.schema, document) : ''
  return fields === '' ? head : `${head}\n\n${fields}`
}

/** Fields of an object, those of objects in it below them. */
function fieldTable(schema: JsonSchema, document: Document): string {
  const trail: string[] = []
  const rows = fieldsOf(schema, document).map(({ name, depth, required, schema: field }) => {
    trail.splice(depth, trail.length, name)
    return [
      `${code(trail.join('.'))}${required ? '' : ' ?'}`,
      prose(kindOf(field, document)),
      prose(field.description ?? withoutRef(field, document).description ?? ''),
    ]
  })
  return rows.length === 0 ? '' : table(['Field', 'Kind', 'Meaning'], rows)
}
