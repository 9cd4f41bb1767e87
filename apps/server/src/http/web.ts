// The web application of the package @kinora/web: its files, and its page at every address that is one of its own. What the
// page shows is decided in the browser; nothing here is private.

import { randomBytes } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { App } from '../app-type.ts'
import { ServerError } from '../errors.ts'
import { policyWithNonce } from './guards.ts'
import { answerFile } from './web-files.ts'
import { builtPage, NOT_BUILT, pageFor } from './web-page.ts'

/** Addresses of the application, as its own routes (apps/web/src/app/Routes.tsx) have them. */
export const PAGES = ['/', '/setup', '/library', '/compare', '/videos/:id', '/queue', '/account', '/admin', '/admin/:tab', '/help'] as const

/** Below these nothing is a page, whoever asks. */
const NO_PAGES = /^\/(v1|docs|assets|examples)(\/|$)/

const NAMED_BY_CONTENT = 'public, max-age=31536000, immutable'
/** The same name may mean other bytes tomorrow. */
const CHANGING = 'no-cache'

const hidden = { config: { access: 'public' }, schema: { hide: true } } as const
/** A page asks for many files at once. */
const forFiles = { config: { access: 'public', uncounted: true }, schema: { hide: true }, logLevel: 'warn' } as const

/** `folder`: what apps/web built. */
export function webRoutes(app: App, folder: string): void {
  for (const page of PAGES) app.get(page, hidden, (request, reply) => pageOf(request, reply, folder))
  const addFiles = (url: string, cacheControl: string, nameOf: (rest: string) => string) =>
    app.get(url, forFiles, async (request, reply) => {
      const name = nameOf((request.params as { '*'?: string })['*'] ?? '')
      const bytes = await answerFile(request, reply, { folder, name, cacheControl })
      if (bytes === undefined) throw noSuchPage(request)
      return bytes
    })
  addFiles('/assets/*', NAMED_BY_CONTENT, (rest) => `assets/${rest}`)
  addFiles('/examples/*', CHANGING, (rest) => `examples/${rest}`)
  addFiles('/icon.svg', CHANGING, () => 'icon.svg')
}

/** For what has no route. Whoever wants a page gets the application's, which says in its own words that there is none. */
export async function answerNotFound(request: FastifyRequest, reply: FastifyReply, folder: string): Promise<string> {
  const { method, url, headers } = request
  const isRead = method === 'GET' || method === 'HEAD'
  if (isRead && headers.accept?.includes('text/html') && !NO_PAGES.test(url)) return pageOf(request, reply.status(404), folder)
  throw noSuchPage(request)
}

/** With its headers. Not to be kept: its nonce is good for one answer. */
async function pageOf({ url }: FastifyRequest, reply: FastifyReply, folder: string): Promise<string> {
  void reply.type('text/html; charset=utf-8').header('cache-control', 'no-store')
  const page = await builtPage(folder)
  if (page === undefined) {
    void reply.status(503)
    return NOT_BUILT
  }
  const nonce = randomBytes(16).toString('base64url')
  void reply.header('content-security-policy', policyWithNonce(nonce))
  return pageFor(page, { path: url.split('?')[0]!, nonce })
}

function noSuchPage({ method }: FastifyRequest): ServerError {
  return new ServerError(`there is no such page for ${method}; /docs lists what there is`, { status: 404, code: 'not_found' })
}
