// `npm run reference -w docs`: writes the folders docs/reference and docs/zh/reference anew, from the program: the library's doc
// comments, the command line, the service's OpenAPI document and its settings. They are not kept in git; the build makes them.

import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { commandLinePage } from './command-line.ts'
import { httpPages, readDocument } from './http.ts'
import { libraryPages } from './library.ts'
import type { Page } from './page.ts'
import { settingsPage } from './settings.ts'
import { CHINESE, ENGLISH, type Words } from './words.ts'

const DOCS = fileURLToPath(new URL('../../', import.meta.url))

const pages = [...(await libraryPages()), commandLinePage(), ...httpPages(await readDocument()), settingsPage()]
write(path.join(DOCS, 'reference'), ENGLISH)
write(path.join(DOCS, 'zh/reference'), CHINESE)
console.log(`${pages.length + 1} pages of the reference in each language`)

function write(folder: string, words: Words): void {
  rmSync(folder, { recursive: true, force: true })
  const put = (file: string, text: string) => {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true })
    writeFileSync(path.join(folder, file), text)
  }
  for (const page of pages) put(page.path, `${words.frontmatter}${translated(page, words)}`)
  put('index.md', `${words.frontmatter}${overview(words)}`)
}

/** The title and a sentence that says where the page comes from; the rest is as it is in the program. */
function translated({ title, text }: Page, words: Words): string {
  return text.replace(/^# .*\n/, `# ${words.titles[title] ?? title}\n\n${words.origin}\n`)
}

function overview({ title, about, origin, titles, sections }: Words): string {
  const list = (prefix: string) =>
    pages.filter(({ path: at }) => at.startsWith(prefix)).map((page) => `- [${titles[page.title] ?? page.title}](${page.path})`)
  const parts = sections.map(({ heading, prefix }) => `## ${heading}\n\n${prefix.flatMap(list).join('\n')}`)
  return `# ${title}\n\n${[about, origin].filter((part) => part !== '').join('\n\n')}\n\n${parts.join('\n\n')}\n`
}
