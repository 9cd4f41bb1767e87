// Requests that still have publicUrl's path before their own, since a proxy passed them on as they came. Those of a proxy
// that takes the path off need nothing: no page or answer has an address that begins with a slash.

import type { App } from '../app-type.ts'
import type { Config } from '../config/config.ts'
import { publicPath } from '../config/public-path.ts'

/** For Fastify's `rewriteUrl`: /kinora/v1/videos becomes /v1/videos. */
export function withoutBasePath(config: Config): (request: { readonly url?: string | undefined }) => string {
  const base = publicPath(config)
  return ({ url = '/' }) => (base !== '' && url.startsWith(`${base}/`) ? url.slice(base.length) : url)
}

/** The path alone is no folder: relative addresses of a page there would lose it. */
export function redirectBasePath(app: App, config: Config): void {
  const base = publicPath(config)
  if (base === '') return
  app.addHook('onRequest', async ({ url }, reply) => {
    const [path, query] = url.split(/(?=\?)/)
    if (path === base) return reply.redirect(`${base}/${query ?? ''}`)
    return undefined
  })
}
