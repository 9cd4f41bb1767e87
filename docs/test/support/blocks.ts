// The code blocks of a Markdown page, and what their marks say. A mark stands in brackets behind the language, where neither the
// site nor a repository's page shows it: ```sh [not run: needs a cluster]. Commands that a page takes for granted (a file that
// the reader has) stand in a comment: <!-- run: touch holiday.mov -->.

type Kind = 'shell' | 'module' | 'json' | 'yaml' | 'shown'

export interface Block {
  /** From the repository's root. */
  readonly page: string
  /** Of its first fence, from 1. */
  readonly line: number
  readonly kind: Kind
  readonly language: string
  readonly text: string
  /** It is in a comment. */
  readonly hidden: boolean
  readonly marks: Marks
}

interface Marks {
  /** Why it is not run. */
  readonly notRun?: string
  /** Why its generations are made smaller. */
  readonly smaller?: string
  /** The module before it goes on in it. */
  readonly continues?: true
  /** It is a file of this name, for a later block. */
  readonly file?: string
}

const KINDS: Readonly<Record<string, Kind>> = {
  sh: 'shell',
  ts: 'module',
  js: 'module',
  json: 'json',
  yaml: 'yaml',
  ...Object.fromEntries(['', 'diff', 'http', 'ini', 'nginx', 'python', 'text', 'toml'].map((name) => [name, 'shown' as const])),
}

/** Throws for a language or a mark that is not known, and for a fence that is not closed. */
export function blocksOf(page: string, markdown: string): Block[] {
  const lines = markdown.split('\n')
  const blocks: Block[] = []
  for (let i = 0; i < lines.length; i++) {
    const fence = /^(?<indent> *)(?<ticks>`{3,})(?<info>[^`]*)$/.exec(lines[i]!)?.groups
    const command = /^<!-- run: ?(?<first>.*)$/.exec(lines[i]!)?.groups
    if (!fence && !command) continue
    const isEnd = (line: string) => (fence ? line.trim() === fence.ticks : line.trimEnd().endsWith('-->'))
    const start = fence ? i + 1 : i
    const end = lines.findIndex((line, index) => index >= start && isEnd(line))
    if (end < 0) throw new Error(`${page}:${i + 1}: what begins here does not end`)
    const info = fence?.info?.trim() ?? 'sh'
    const body = fence ? lines.slice(start, end) : [command?.first ?? '', ...lines.slice(i + 1, end + 1)]
    const text = body.map((line) => line.replace(new RegExp(`^ {0,${fence?.indent?.length ?? 0}}`), '')).join('\n')
    const whole = fence ? text : text.replace(/\s*-->\s*$/, '')
    blocks.push({ page, line: i + 1, ...described(info, `${page}:${i + 1}`), text: whole, hidden: !fence })
    i = end
  }
  return blocks
}

function described(info: string, place: string): Pick<Block, 'kind' | 'language' | 'marks'> {
  const [, language = '', rest = ''] = /^(\S*)\s*(.*)$/.exec(info) ?? []
  const kind = KINDS[language]
  if (kind === undefined) throw new Error(`${place}: nothing is known of the language ${language}: docs/test/support/blocks.ts lists them`)
  const marks = [...rest.matchAll(/\[([^\]]*)\]/g)].map(([, mark = '']) => markOf(mark, place))
  return { kind, language, marks: Object.assign({}, ...marks) as Marks }
}

function markOf(mark: string, place: string): Marks {
  const [, word = mark, reason = ''] = /^(not run|smaller):\s*(.*)$/.exec(mark) ?? []
  if (word === 'continues') return { continues: true }
  if ((word === 'not run' || word === 'smaller') && reason.length < 5) throw new Error(`${place}: [${mark}] says no reason: [${word}: WHY]`)
  if (word === 'not run') return { notRun: reason }
  if (word === 'smaller') return { smaller: reason }
  if (/^[\w./-]+\.\w+$/.test(mark)) return { file: mark }
  throw new Error(`${place}: [${mark}] is no mark; take [not run: WHY], [smaller: WHY], [continues] or [FILE.NAME]`)
}

/** What two languages' pages must have in common: the code without its comments. */
export function withoutComments({ kind, text }: Block): string {
  const comment = kind === 'module' ? /(^|\s)\/\/ .*$|\/\*\*? [\s\S]*?\*\//gm : /(^|\s)# .*$/gm
  return text
    .replaceAll(comment, '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join('\n')
}
