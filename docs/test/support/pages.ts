// The pages of the documentation that people write, in both languages, and the Markdown of the repository beside them.

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Block, blocksOf } from './blocks.ts'

export const REPOSITORY = fileURLToPath(new URL('../../../', import.meta.url))

/** Lists that programs write, of pictures and figures; they are the same in every language. */
export const LISTS: ReadonlySet<string> = new Set(['docs/web/README.md', 'docs/performance/tables.md'])

const GENERATED = /^docs\/(?:zh\/)?reference\/|^docs\/(?:node_modules|\.vitepress)\//

/** Paths from the repository's root. */
export function englishPages(): string[] {
  return docs().filter((page) => !page.startsWith('docs/zh/'))
}

export function chinesePages(): string[] {
  return docs().filter((page) => page.startsWith('docs/zh/'))
}

/** Markdown outside of the site. */
export function otherPages(): string[] {
  const packages = ['packages', 'apps'].flatMap((folder) =>
    readdirSync(path.join(REPOSITORY, folder)).map((name) => `${folder}/${name}/README.md`),
  )
  return ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'deploy/README.md', ...packages].filter((file) =>
    existsSync(path.join(REPOSITORY, file)),
  )
}

export function read(page: string): string {
  return readFileSync(path.join(REPOSITORY, page), 'utf8')
}

/** Of every page whose blocks are run. */
export function runPages(): ReadonlyMap<string, readonly Block[]> {
  return new Map(['README.md', ...englishPages()].map((page) => [page, blocksOf(page, read(page))]))
}

function docs(): string[] {
  const files = readdirSync(path.join(REPOSITORY, 'docs'), { recursive: true }) as string[]
  return files
    .map((name) => `docs/${name.replaceAll('\\', '/')}`)
    .filter((name) => name.endsWith('.md') && !GENERATED.test(name) && !name.includes('/node_modules/'))
    .toSorted()
}
