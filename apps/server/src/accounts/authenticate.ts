// Who asks, and whether they may: for every route, by what its `config.access` says. First who it is (onRequest), so that
// limits can count by account, then the refusal, before a body is read.

import type { FastifyRequest } from 'fastify'
import type { App } from '../app-type.ts'
import type { Scope } from '../db/values.ts'
import { ServerError } from '../errors.ts'
import type { Services } from '../services.ts'
import { type Access, identityOf } from './access.ts'
import { type Credentials, createCredentials, LOCAL } from './credentials.ts'
import { checkCsrfToken, checkHost, checkOrigin, isUnsafe } from './csrf.ts'
import type { Identity } from './identity.ts'
import { ACCOUNTS_CHANNEL } from './news.ts'
import { decoyHash } from './passwords.ts'
import { sessionToken } from './sessions.ts'

declare module 'fastify' {
  interface FastifyInstance {
    credentials: Credentials
  }
}

/** To be called before any route is registered; one that does not say its access is refused. */
export function authentication(app: App, { config, db, listen }: Pick<Services, 'config' | 'db' | 'listen'>): void {
  const credentials = createCredentials(db)
  app.decorate('credentials', credentials)
  app.decorateRequest('identity', null)
  app.addHook('onRoute', ({ method, url, config: { access } = {} }) => {
    if (access === undefined) throw new TypeError(`the route ${String(method)} ${url} does not say in its config who has access`)
  })
  app.addHook('onRequest', async (request) => {
    request.identity = config.auth === 'none' ? LOCAL : ((await identify(request, credentials)) ?? null)
  })
  app.addHook('preParsing', async (request) => {
    if (config.auth === 'none') checkHost(request, config)
    if (request.is404) return
    const { access = 'admin' } = request.routeOptions.config
    const via = request.identity?.via
    if (access !== 'public') authorize(request, access)
    if (isUnsafe(request) && via !== 'key' && (access === 'public' || via === 'none')) checkOrigin(request, config)
    else if (isUnsafe(request) && via === 'session') checkCsrfToken(request, sessionToken(request)!)
  })
  let silence: (() => Promise<void>) | undefined
  app.addHook('onReady', async () => {
    await decoyHash()
    silence = await listen(ACCOUNTS_CHANNEL, (userId) => credentials.forget(userId))
  })
  app.addHook('onClose', () => silence?.())
}

/** Whether who asked is still logged in, or the key is still good: for answers that last. Costs nothing most of the time. */
export async function stillSignedIn(request: FastifyRequest): Promise<boolean> {
  const { identity, server } = request
  if (!identity || identity.via === 'none') return identity !== null
  const now = await identify(request, server.credentials)
  return now?.userId === identity.userId && [...identity.scopes].every((scope) => now.scopes.has(scope))
}

/** A key counts before a session: it was sent on purpose. */
async function identify(request: FastifyRequest, credentials: Credentials): Promise<Identity | undefined> {
  const key = bearer(request)
  if (key !== undefined) return credentials.ofKey(key)
  const token = sessionToken(request)
  return token === undefined ? undefined : credentials.ofSession(token)
}

/** Another scheme than Bearer is a proxy's own. */
function bearer({ headers }: FastifyRequest): string | undefined {
  return /^bearer +([\x21-\x7e]{1,256}) *$/i.exec(headers.authorization ?? '')?.[1]
}

function authorize(request: FastifyRequest, access: Exclude<Access, 'public'>): void {
  if (!request.identity && bearer(request) !== undefined)
    throw new ServerError('this API key is not known, or it was revoked or has expired', { status: 401, code: 'invalid_api_key' })
  if (!request.identity && sessionToken(request) !== undefined)
    throw new ServerError('this session has ended: log in again', { status: 401, code: 'session_ended' })
  const identity = identityOf(request)
  if (access !== 'signed-in' && !identity.scopes.has(access)) throw refusalOf(identity, access)
}

function refusalOf({ via }: Identity, access: Scope): ServerError {
  if (via === 'key')
    return new ServerError(`this API key may not do this: it needs the scope ${access}`, { status: 403, code: 'missing_scope' })
  return new ServerError('only an administrator may do this', { status: 403, code: 'not_administrator' })
}
