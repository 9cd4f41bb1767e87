// Text to HTML. What is put into a page is escaped unless it was made here.

/** Made by `html`: goes into other markup as it is. */
export class Html {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

export type Content = Html | string | number | undefined | false | readonly Content[]

/** html`<b>${anything}</b>`: strings are escaped, undefined and false are nothing. */
export function html(parts: TemplateStringsArray, ...contents: readonly Content[]): Html {
  return new Html(parts.map((part, i) => part + (i < contents.length ? textOf(contents[i]) : '')).join(''))
}

/** Paragraphs and `code`, as descriptions have them. */
export function prose(text: string): Html[] {
  return text.split(/\n\s*\n/).map((paragraph) => html`<p>${inline(paragraph)}</p>`)
}

/** `code` between back quotes. */
export function inline(text: string): Content[] {
  return text.split('`').map((part, i) => (i % 2 === 1 ? html`<code>${part}</code>` : part))
}

function textOf(content: Content): string {
  if (content === undefined || content === false) return ''
  if (content instanceof Html) return content.text
  if (typeof content === 'number') return String(content)
  return typeof content === 'string' ? escaped(content) : content.map(textOf).join('')
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)
}
