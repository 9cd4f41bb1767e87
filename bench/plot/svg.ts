// SVG as text: elements with escaped attributes, and the frame that every plot shares. A plot is read by
// eye in a light or a dark page and by ear through its title and description.

export type Attributes = Readonly<Record<string, string | number | undefined>>

/** `children` are SVG already; text goes through escapeText first. */
export function element(name: string, attributes: Attributes, ...children: string[]): string {
  const given = Object.entries(attributes).filter(([, value]) => value !== undefined)
  const open = [name, ...given.map(([key, value]) => `${key}="${escapeText(typeof value === 'number' ? round(value) : value!)}"`)].join(' ')
  return children.length === 0 ? `<${open}/>` : `<${open}>${children.join('')}</${name}>`
}

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}

/** A line of text; `anchor` is start, middle or end. */
export function label(text: string, x: number, y: number, anchor: string, attributes: Attributes = {}): string {
  return element('text', { x, y, 'text-anchor': anchor, ...attributes }, escapeText(text))
}

function round(value: number): string {
  return String(Math.round(value * 100) / 100)
}

/** Okabe and Ito's colours, told apart by nearly all eyes: in a light page, and lighter ones in a dark page. */
const COLORS = [
  ['#0072b2', '#58a6ff'],
  ['#d55e00', '#ff8c42'],
  ['#009e73', '#2fc99b'],
  ['#b45a92', '#e39ac6'],
  ['#b07d00', '#f0c040'],
  ['#3a8fbf', '#9bd3f5'],
  ['#555555', '#aaaaaa'],
] as const

export const COLOR_COUNT = COLORS.length

function style(): string {
  const theme = (which: 0 | 1, paper: string, ink: string, faint: string): string =>
    [
      `.paper{fill:${paper}}text{fill:${ink}}.axis{stroke:${ink}}.grid{stroke:${faint}}`,
      ...COLORS.map((pair, i) => `.line${i}{stroke:${pair[which]}}.fill${i}{fill:${pair[which]}}`),
    ].join('')
  const shared =
    'text{font:12px system-ui,-apple-system,"Segoe UI","DejaVu Sans",sans-serif}.title{font-size:15px;font-weight:600}path{fill:none}'
  return `${shared}${theme(0, '#ffffff', '#1f2328', '#d8dee4')}@media(prefers-color-scheme:dark){${theme(1, '#0d1117', '#e6edf3', '#30363d')}}`
}

export interface Described {
  title: string
  /** What the plot shows, for those who do not see it. */
  description: string
}

/** A whole file. */
export function picture({ title, description }: Described, width: number, height: number, children: readonly string[]): string {
  const attributes = { xmlns: 'http://www.w3.org/2000/svg', viewBox: `0 0 ${width} ${height}`, width, height, role: 'img' }
  const named = { 'aria-labelledby': 'title desc' }
  return `${element(
    'svg',
    { ...attributes, ...named },
    element('title', { id: 'title' }, escapeText(title)),
    element('desc', { id: 'desc' }, escapeText(description)),
    `<style>${style()}</style>`,
    element('rect', { class: 'paper', width, height }),
    label(title, 16, 26, 'start', { class: 'title' }),
    ...children.map((child) => `\n${child}`),
  )}\n`
}
