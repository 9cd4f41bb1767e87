// Requests that another site makes a browser send. A session's own token, which only our pages can read, proves where a
// change comes from. Where there is no session (log-in, set-up, `auth none`), what browsers say of a request's origin
// must do; `auth none` also checks the name that the service was called by, since another site's name may point here.

import { timingSafeEqual } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import type { Config } from '../config/config.ts'
import { ServerError } from '../errors.ts'
import { sha256 } from '../ids.ts'

const CSRF_HEADER = 'x-csrf-token'

/** Follows from the session's token, which it does not give away, and ends with it. */
export function csrfToken(session: string): string {
  return sha256(`csrf ${session}`)
}

export function isUnsafe({ method }: Pick<FastifyRequest, 'method'>): boolean {
  return method !== 'GET' && method !== 'HEAD' && method !== 'OPTIONS'
}

/** Throws ServerError (403) unless the request carries its session's token. */
export function checkCsrfToken({ headers }: FastifyRequest, session: string): void {
  const sent = headers[CSRF_HEADER]
  const [given, expected] = [Buffer.from(typeof sent === 'string' ? sent : ''), Buffer.from(csrfToken(session))]
  if (given.length === expected.length && timingSafeEqual(given, expected)) return
  throw new ServerError(`with a session, a change needs the header ${CSRF_HEADER}: GET /v1/session answers its value`, {
    status: 403,
    code: 'csrf_token',
  })
}

/** Throws ServerError (403) when a browser says that another site's page sent this. Programs say nothing of it. */
export function checkOrigin({ headers }: FastifyRequest, { publicUrl }: Config): void {
  const { origin, host, 'sec-fetch-site': site } = headers
  // Browsers say the site only to https and localhost; of the origin alone, the own one has the name that the request was sent to.
  const own = () => origin === undefined || (publicUrl !== null && origin === new URL(publicUrl).origin) || isHost(origin, host)
  if (site === undefined ? own() : site === 'same-origin' || site === 'none') return
  throw new ServerError("this request comes from another site's page; behind a proxy, set publicUrl to the address that browsers use", {
    status: 403,
    code: 'cross_site',
  })
}

/** Throws ServerError (403) for a name that is neither this machine's own nor the public URL's. */
export function checkHost({ headers }: FastifyRequest, { publicUrl, host }: Config): void {
  const name = urlOf(headers.host ?? '')?.hostname ?? ''
  const known = ['localhost', '[::1]', host, ...(publicUrl === null ? [] : [new URL(publicUrl).hostname])]
  if (known.includes(name) || name.endsWith('.localhost') || /^127(\.\d{1,3}){3}$/.test(name)) return
  throw new ServerError('without accounts the service answers only to localhost and to the name in publicUrl', {
    status: 403,
    code: 'unknown_host',
  })
}

function isHost(origin: string, host: string | undefined): boolean {
  return host !== undefined && URL.canParse(origin) && urlOf(host)?.host === new URL(origin).host
}

function urlOf(host: string): URL | undefined {
  return URL.parse(`http://${host}`) ?? undefined
}
