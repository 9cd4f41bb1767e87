// The reference page: a document of this service as HTML. A section for each tag, in it each operation with what it
// takes, what it answers, and a call of it.

import { curlCall } from './docs-example.ts'
import { fieldsOf, kindOf, withoutRef } from './docs-schema.ts'
import { type Answer, type Document, type JsonSchema, type Operation, operationsOf, type Parameter } from './document.ts'
import { type Content, type Html, html, inline, prose } from './html.ts'

type Entry = ReturnType<typeof operationsOf>[number]

export function referencePage(document: Document, style: string): string {
  const { info, tags, components } = document
  const entries = operationsOf(document)
  const sections = tags
    .map((tag) => ({ ...tag, entries: entries.filter(({ operation }) => operation.tags[0] === tag.name) }))
    .filter((section) => section.entries.length > 0)
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${info.title}: API reference</title>
<link rel="icon" href="icon.svg">
<link rel="stylesheet" href="${style}">
</head>
<body>
<a class="skip" href="#main">To the content</a>
<nav aria-label="Operations">
<p class="brand">${info.title} <span>API ${info.version}</span></p>
${sections.map(({ name, entries }) => html`<h2>${name}</h2><ul>${entries.map(navItem)}</ul>`)}
</nav>
<main id="main">
<h1>${info.title}: API reference</h1>
${prose(info.description)}
<p><a href="openapi.json">The same as an OpenAPI document</a>, for programs.</p>
<section id="access"><h2>Access</h2>
<dl>${Object.entries(components.securitySchemes).map(([name, scheme]) => html`<dt>${name}</dt><dd>${inline(scheme.description)}</dd>`)}</dl></section>
${sections.map(
  ({ name, description, entries }) => html`<section id="tag-${name}"><h2>${name}</h2>${prose(description)}
${entries.map((entry) => operationArticle(entry, document))}</section>`,
)}
</main>
</body>
</html>
`
  return page.text
}

function navItem({ method, operation }: Entry): Html {
  return html`<li><a href="#${operation.operationId}"><span class="method ${method}">${method}</span> <span>${inline(operation.summary.split(/[,;:] /)[0]!)}</span></a></li>`
}

function operationArticle({ path, method, operation }: Entry, document: Document): Html {
  const { operationId, summary, description, parameters = [], requestBody, responses, security } = operation
  return html`<article id="${operationId}" aria-labelledby="${operationId}-title">
<h3 id="${operationId}-title"><a href="#${operationId}">${inline(summary)}</a></h3>
<p class="call"><span class="method ${method}">${method}</span> <code>${path}</code>${security.length === 0 && html` <span class="note">open to all</span>`}</p>
${description === undefined ? undefined : prose(description)}
${
  parameters.length > 0 &&
  table(
    'Parameters',
    parameters.map((parameter) => parameterRow(parameter, document)),
  )
}
${requestBody && bodyPart(requestBody.content, document)}
<h4>Answers</h4>
${Object.entries(responses).map(([status, answer]) => answerPart(status, answer, document))}
<details><summary>Call it</summary><pre><code>${curlCall(path, method, operation, document)}</code></pre></details>
</article>
`
}

function bodyPart(content: NonNullable<Operation['requestBody']>['content'], document: Document): Html {
  const types = Object.keys(content)
  const { schema } = content['multipart/form-data'] ?? Object.values(content)[0]!
  return table(html`Body <span class="note">${types.join(' or ')}</span>`, fieldRows(schema, document))
}

function answerPart(status: string, { description, content = {} }: Answer, document: Document): Html {
  const [type, first] = Object.entries(content)[0] ?? []
  const head = html`<span class="status s${status.slice(0, 1)}">${status}</span> ${inline(description)}`
  const failed = status >= '400'
  const rows = first && !failed ? fieldRows(first.schema, document) : []
  if (rows.length === 0) {
    const types = Object.keys(content).join(', ')
    return html`<p class="answer">${head}${!failed && types !== '' && html` <span class="note">${types}</span>`}</p>`
  }
  return html`<details class="answer"><summary>${head} <span class="note">${type}</span></summary>${table(undefined, rows)}</details>`
}

function parameterRow({ name, in: place, required, schema, description }: Parameter, document: Document): Html {
  return row(
    name,
    0,
    required === true,
    [kindOf(schema, document), place !== 'query' && ` in the ${place}`],
    description ?? schema.description,
  )
}

/** Fields of an object, those of objects in it below them. */
function fieldRows(schema: JsonSchema, document: Document): Html[] {
  return fieldsOf(schema, document).map(({ name, depth, required, schema }) =>
    row(name, depth, required, kindOf(schema, document), schema.description ?? withoutRef(schema, document).description),
  )
}

function row(name: string, depth: number, required: boolean, kind: Content, description: string | undefined): Html {
  return html`<tr><th scope="row" class="depth${depth}"><code>${name}</code>${required && html` <span class="note">required</span>`}</th>
<td>${kind}</td><td>${description === undefined ? undefined : inline(description)}</td></tr>
`
}

function table(caption: Content, rows: readonly Html[]): Html {
  return html`<div class="scroll" tabindex="0"><table>${caption !== undefined && html`<caption>${caption}</caption>`}
<thead class="hidden"><tr><th scope="col">Name</th><th scope="col">Kind</th><th scope="col">Meaning</th></tr></thead>
<tbody>${rows}</tbody></table></div>`
}
