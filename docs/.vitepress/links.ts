// Links from a page to files of the repository that are no pages (../ARCHITECTURE.md, a source file): on the site they lead to
// the repository's own address or, where that is not known, are plain text. In the repository they are links as they stand.

import path from 'node:path'
import type { MarkdownRenderer } from 'vitepress'

type Token = ReturnType<MarkdownRenderer['parse']>[number]

export function linksThatLeave(markdown: MarkdownRenderer, repository: string | undefined): void {
  markdown.core.ruler.push('links-that-leave', (state) => {
    const { relativePath = '' } = state.env as { relativePath?: string }
    for (const { children } of state.tokens) if (children) change(children, relativePath, repository)
  })
}

function change(tokens: Token[], page: string, repository: string | undefined): void {
  let isPlain = false
  for (const token of tokens) {
    if (token.type === 'link_close' && isPlain) {
      token.tag = 'span'
      isPlain = false
    }
    const target = token.type === 'link_open' ? leaving(token.attrGet('href') ?? '', page) : undefined
    if (target === undefined) continue
    if (repository !== undefined) token.attrSet('href', `${repository}/blob/main/${target}`)
    else {
      isPlain = true
      token.type = 'span_open' // the rule for links would look for the page
      token.tag = 'span'
      token.attrs = null
    }
  }
}

/** The file that a relative link names, from the repository's root, when it is none of docs/; and what is no page of it. */
function leaving(href: string, page: string): string | undefined {
  if (/^(?:[a-z]+:|\/|#)/i.test(href)) return undefined
  const target = path.posix.join('docs', path.posix.dirname(page), href)
  return target.startsWith('docs/') ? undefined : target
}
