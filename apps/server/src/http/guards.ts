// What protects the service and its users from what comes in: security headers, and how many requests an account or
// address may make.

import rateLimit from '@fastify/rate-limit'
import type { App } from '../app-type.ts'
import type { Config } from '../config/config.ts'
import { ServerError } from '../errors.ts'

/** Everything comes from this origin, and nothing runs or is styled that stands in a page itself. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'self'",
  "base-uri 'none'",
  "connect-src 'self'",
  "font-src 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "img-src 'self' data: blob:",
  "media-src 'self' blob:",
  "object-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
].join(';')

/** For a page whose own style elements carry this nonce. */
export function policyWithNonce(nonce: string): string {
  return CONTENT_SECURITY_POLICY.replace("style-src 'self'", `$& 'nonce-${nonce}'`)
}

const SECURITY_HEADERS = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  'x-dns-prefetch-control': 'off',
  'x-download-options': 'noopen',
  'x-frame-options': 'DENY',
  'x-permitted-cross-domain-policies': 'none',
  'x-xss-protection': '0',
}

/** Where browsers come by HTTPS. */
const SECURE_HEADERS = {
  ...SECURITY_HEADERS,
  'cross-origin-opener-policy': 'same-origin',
  'origin-agent-cluster': '?1',
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** A player asks for one video in many ranges; those are not counted. */
    rangesUncounted?: boolean
    uncounted?: boolean
  }
}

/** With every answer. They never change, so they are written down: @fastify/helmet makes them anew for each request, a tenth of a poll's cost. */
export function sendSecurityHeaders(app: App, config: Config): void {
  const headers = config.publicUrl?.startsWith('https:') ? SECURE_HEADERS : SECURITY_HEADERS
  app.addHook('onRequest', (_request, reply, done) => {
    reply.headers(headers)
    done()
  })
}

/** A minute's requests of an account, and of an address for those without one. After authentication, which says who asks. */
export async function limitRate(app: App, config: Config): Promise<void> {
  await app.register(rateLimit, {
    max: config.limits.requestsPerMinute,
    timeWindow: 60_000,
    keyGenerator: ({ identity, ip }) => identity?.userId ?? ip,
    allowList: ({ routeOptions, headers }) =>
      routeOptions.config.uncounted === true || (routeOptions.config.rangesUncounted === true && headers.range !== undefined),
    addHeadersOnExceeding: { 'x-ratelimit-limit': true, 'x-ratelimit-remaining': true, 'x-ratelimit-reset': true },
    errorResponseBuilder: (_request, { max, ttl }) =>
      new ServerError(`more than ${max} requests in a minute: slow down`, {
        status: 429,
        code: 'rate_limit_exceeded',
        retryAfter: ttl / 1000,
      }),
  })
}
