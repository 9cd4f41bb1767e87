// What stands at the top and at the side of the pages. Pages are listed once, for both languages; their names there are their own
// first headings. A page that a folder has beyond its list comes last. The reference's pages are those that were generated.

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { DefaultTheme } from 'vitepress'

type Language = 'en' | 'zh'

interface Section {
  readonly en: string
  readonly zh: string
  /** Paths without `.md`, in their order. */
  readonly pages: readonly string[]
  /** All further pages in it follow. */
  readonly folder?: string
}

export const SECTIONS: readonly Section[] = [
  {
    en: 'Guide',
    zh: '指南',
    folder: 'guide',
    pages: ['guide/start', 'guide/library', 'guide/command-line', 'guide/from-diffusers', 'web'],
  },
  { en: 'Models and sampling', zh: '模型与采样', pages: ['models', 'sampling', 'guide/how-it-works', 'guide/adding-a-model'] },
  { en: 'Speed and memory', zh: '速度与内存', pages: ['guide/memory-and-speed', 'numbers', 'performance', 'gpu'] },
  {
    en: 'Deploy',
    zh: '部署',
    folder: 'deploy',
    pages: ['deploy/cloud', 'deploy/machine', 'deploy/containers', 'deploy/kubernetes', 'service'],
  },
  { en: 'Integrations', zh: '集成', folder: 'integrations', pages: ['integrations/ai-sdk', 'integrations/mcp', 'integrations/http'] },
]

const REFERENCE: readonly Section[] = [
  {
    en: 'Library',
    zh: '库',
    folder: 'reference/library',
    pages: ['pipelines', 'schedulers', 'media', 'checkpoints', 'tensors', 'errors'].map((name) => `reference/library/${name}`),
  },
  { en: 'Command line and service', zh: '命令行与服务', pages: ['reference/command-line', 'reference/settings'] },
  {
    en: 'HTTP API',
    zh: 'HTTP API',
    folder: 'reference/http',
    pages: ['index', 'videos', 'queue', 'models', 'account', 'admin', 'operation'].map((name) => `reference/http/${name}`),
  },
]

const DOCS = fileURLToPath(new URL('../', import.meta.url))

const TOP: readonly { en: string; zh: string; page: string; active: string }[] = [
  { en: 'Guide', zh: '指南', page: 'guide/start', active: 'guide/' },
  { en: 'Deploy', zh: '部署', page: 'deploy/cloud', active: 'deploy/' },
  { en: 'Integrations', zh: '集成', page: 'integrations/ai-sdk', active: 'integrations/' },
  { en: 'Reference', zh: '参考手册', page: 'reference/index', active: 'reference/' },
  { en: 'Numbers', zh: '数据', page: 'numbers', active: 'numbers' },
]

export function navigation(language: Language): DefaultTheme.NavItem[] {
  return TOP.map(({ [language]: text, page, active }) => ({
    text,
    link: address(page, language),
    activeMatch: `^${address(active, language)}`,
  }))
}

export function sidebar(language: Language): DefaultTheme.SidebarMulti {
  const groups = (sections: readonly Section[]) =>
    sections.map((section) => ({ text: section[language], items: pagesOf(section, language).map((page) => item(page, language)) }))
  const filled = (sections: readonly Section[]) => groups(sections).filter(({ items }) => items.length > 0)
  return { [address('', language)]: filled(SECTIONS), [address('reference/', language)]: filled(REFERENCE) }
}

/** Those that there are. */
function pagesOf({ pages, folder }: Section, language: Language): string[] {
  const place = folder === undefined ? undefined : path.join(DOCS, prefix(language), folder)
  const found = place !== undefined && existsSync(place) ? readdirSync(place).filter((name) => name.endsWith('.md')) : []
  const listed = new Set([...pages, ...SECTIONS.flatMap((section) => section.pages)])
  const further = found.map((name) => `${folder}/${path.basename(name, '.md')}`).filter((page) => !listed.has(page))
  return [...pages, ...further].filter((page) => existsSync(file(page, language)))
}

function item(page: string, language: Language): DefaultTheme.SidebarItem {
  const heading = /^# (.+)$/m.exec(readFileSync(file(page, language), 'utf8'))?.[1]
  return { text: heading?.replaceAll('`', '') ?? page, link: address(page, language) }
}

const prefix = (language: Language) => (language === 'en' ? '' : 'zh')
const file = (page: string, language: Language) => path.join(DOCS, prefix(language), `${page}.md`)
const address = (page: string, language: Language) => `${language === 'en' ? '/' : '/zh/'}${page.replace(/(^|\/)index$/, '$1')}`
