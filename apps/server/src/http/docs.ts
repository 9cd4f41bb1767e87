// `/docs`: the reference as one page, rendered here from the document, so that it needs no script and asks no other
// site for anything. Its style is a file of its own, as the content security policy wants. Addresses are relative, since a
// proxy may put the service under any path.

import { createHash } from 'node:crypto'
import type { App } from '../app-type.ts'
import { referencePage } from './docs-page.ts'
import { STYLE } from './docs-style.ts'
import { openApi } from './operations.ts'

export function docsRoutes(app: App): void {
  const hidden = { config: { access: 'public' }, schema: { hide: true } } as const
  const style = createHash('sha256').update(STYLE).digest('hex').slice(0, 12)
  let page: string | undefined
  app.get('/openapi.json', hidden, () => openApi(app))
  app.get('/docs', hidden, (_request, reply) => {
    page ??= referencePage(openApi(app), `docs/${style}.css`)
    return reply.type('text/html; charset=utf-8').send(page)
  })
  app.get(`/docs/${style}.css`, hidden, (_request, reply) =>
    reply.type('text/css; charset=utf-8').header('cache-control', 'public, max-age=31536000, immutable').send(STYLE),
  )
}
