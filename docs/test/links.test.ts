// Links of the Markdown that people write: each leads to a file that is there, and to a heading that it has. Both languages have the
// same pages, and the sidebar has them all. Addresses elsewhere are only looked at, not asked. Links into the generated reference are
// checked with the built site (scripts/check-site.ts).

import { existsSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { SECTIONS } from '../.vitepress/navigation.ts'
import { anchor } from '../scripts/reference/markdown.ts'
import { chinesePages, englishPages, LISTS, otherPages, REPOSITORY, read } from './support/pages.ts'

const pages = [...englishPages(), ...chinesePages(), ...otherPages()]
const REFERENCE = /^docs\/(?:zh\/)?reference\//

/** Without code, in which brackets are none. */
function prose(page: string): string {
  return read(page)
    .replaceAll(/^( *)(`{3,})[^\n]*\n[\s\S]*?^\1\2 *$/gm, '')
    .replaceAll(/`[^`\n]*`/g, '')
}

function linksOf(page: string): string[] {
  const text = prose(page)
  const inline = [...text.matchAll(/\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\)/g)].map(([, target]) => target!)
  const front = [...text.matchAll(/^\s+link: (\S+)$/gm)].map(([, target]) => target!)
  return [...inline, ...front]
}

function anchorsOf(page: string): Set<string> {
  const text = read(page).replaceAll(/^( *)(`{3,})[^\n]*\n[\s\S]*?^\1\2 *$/gm, '')
  const headings = [...text.matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = '']) => {
    const own = /\{#([\w-]+)\}\s*$/.exec(heading)?.[1]
    return own ?? anchor(heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').replaceAll(/[`*]/g, ''))
  })
  return new Set([...headings, ...[...text.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id!)])
}

test.each(pages)('%s', (page) => {
  const problems = linksOf(page).flatMap((target) => {
    if (/^[a-z]+:/i.test(target)) return URL.canParse(target) && /^(?:https?|mailto):/.test(target) ? [] : [`${target}: no address`]
    const [place = '', hash] = target.split('#')
    const file = place.startsWith('/') ? `docs${place}` : path.posix.join(path.posix.dirname(page), decodeURIComponent(place))
    const full = place === '' ? page : place.startsWith('/') && !/\.\w+$/.test(file) ? `${file.replace(/\/$/, '/index')}.md` : file
    if (REFERENCE.test(full)) return []
    if (!existsSync(path.join(REPOSITORY, full))) return [`${target}: ${full} is not there`]
    return hash === undefined || !full.endsWith('.md') || anchorsOf(full).has(decodeURIComponent(hash))
      ? []
      : [`${target}: ${full} has no such heading`]
  })
  expect(problems).toEqual([])
})

test('both languages have the same pages', () => {
  expect(chinesePages().map((page) => page.replace('docs/zh/', 'docs/'))).toEqual(englishPages())
})

test('the sidebar has every page, and no other', () => {
  const listed = SECTIONS.flatMap((section) => section.pages).map((page) => `docs/${page}.md`)
  const folders = SECTIONS.flatMap(({ folder }) => (folder === undefined ? [] : [`docs/${folder}/`]))
  const own = englishPages().filter((page) => page !== 'docs/index.md' && !LISTS.has(page))
  expect(own.filter((page) => !listed.includes(page) && !folders.some((folder) => page.startsWith(folder)))).toEqual([])
  expect(listed.filter((page) => !own.includes(page))).toEqual([])
})
