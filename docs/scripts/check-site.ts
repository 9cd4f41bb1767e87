// Looks at the built site (.vitepress/dist): every link within it leads to a page that is there, at a place that the page has, and
// no page, style or script asks another origin for anything. Links that a reader may follow elsewhere are only listed, by host.

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const DIST = fileURLToPath(new URL('../.vitepress/dist/', import.meta.url))
const base = process.env.KINORA_DOCS_BASE ?? '/'

const files = (readdirSync(DIST, { recursive: true }) as string[]).map((name) => name.replaceAll('\\', '/'))
const pages = new Map(files.filter((name) => name.endsWith('.html')).map((name) => [name, readFileSync(path.join(DIST, name), 'utf8')]))
const ids = new Map(
  [...pages].map(([name, text]) => [name, new Set([...text.matchAll(/\s(?:id|name)="([^"]+)"/g)].map(([, id]) => decoded(id!)))]),
)

const problems = [
  ...[...pages].flatMap(([name, text]) => [...deadLinks(name, text), ...foreignParts(name, text)]),
  ...files.flatMap(foreignCode),
]
const hosts = new Map<string, number>()
for (const text of pages.values())
  for (const [, host = ''] of text.matchAll(/<a\s[^>]*href="https?:\/\/([^/"]+)/g)) hosts.set(host, (hosts.get(host) ?? 0) + 1)

console.log(
  `${pages.size} pages; links elsewhere, not followed: ${[...hosts].map(([host, count]) => `${host} (${count})`).join(', ') || 'none'}`,
)
for (const problem of problems) console.error(problem)
if (problems.length > 0) process.exitCode = 1

function deadLinks(name: string, text: string): string[] {
  if (name === '404.html') return []
  const here = new URL(name, `http://site${base}`)
  return [...text.matchAll(/<a\s[^>]*?href="([^"]*)"/g)].flatMap(([, href = '']) => {
    if (/^(?:https?|mailto):/.test(href)) return []
    const { pathname, hash } = new URL(decoded(href), here)
    if (!pathname.startsWith(base)) return [`${name}: ${href} leaves the site`]
    const target = decodeURIComponent(pathname.slice(base.length)).replace(/(^|\/)$/, '$1index.html')
    const page = existsSync(path.join(DIST, target)) ? target : `${target}.html`
    if (!existsSync(path.join(DIST, page))) return [`${name}: ${href} leads to no file`]
    const id = decodeURIComponent(hash.slice(1))
    return id === '' || !ids.has(page) || ids.get(page)?.has(id) ? [] : [`${name}: ${href}: that page has no place of that name`]
  })
}

/** What a browser fetches by itself. */
function foreignParts(name: string, text: string): string[] {
  const tags = text.matchAll(
    /<(?:script|link|img|source|video|audio|iframe|object|embed)\s[^>]*?(?:src|href|srcset|data|poster)="((?:https?:)?\/\/[^"]+)"/g,
  )
  return [...tags].map(([, url]) => `${name}: asks ${url}`)
}

function foreignCode(name: string): string[] {
  if (!/\.(?:css|js)$/.test(name)) return []
  const text = readFileSync(path.join(DIST, name), 'utf8')
  const wanted = name.endsWith('.css')
    ? /(?:url\(|@import\s*)["']?(?:https?:)?\/\/[^)"'\s]+/g
    : /(?:\bfetch|\bimport|new (?:Worker|WebSocket|EventSource)|sendBeacon)\(\s*["'`](?:https?:|wss?:)?\/\/[^"'`]+/g
  return (text.match(wanted) ?? []).map((found) => `${name}: asks ${found}`)
}

function decoded(text: string): string {
  return text.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')
}
