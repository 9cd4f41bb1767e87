// One line a request, and what no line says: bodies, prompts, query strings, cookies and keys. A failed statement of
// the database carries its parameters in its message, prompts among them, so errors are written without.

import { DrizzleQueryError } from 'drizzle-orm'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { App } from '../app-type.ts'

/** How pino writes errors, requests and replies. */
export const LOG_SERIALIZERS = { err: describeError, error: describeError, req: describeRequest, res: describeReply }

export interface Answered {
  readonly status: number
  readonly ms: number
  /** Nobody waited for the whole answer. */
  readonly aborted: boolean
}

/** Tells of each answer when it has gone out, or nobody waits for it any more. */
export function whenAnswered(app: App, tell: (request: FastifyRequest, answered: Answered) => void): void {
  app.addHook('onRequest', async (request, reply) => {
    const began = performance.now()
    reply.raw.once('close', () => {
      tell(request, { status: reply.raw.statusCode, ms: performance.now() - began, aborted: !reply.raw.writableEnded })
    })
  })
}

export function logRequests(app: App): void {
  whenAnswered(app, (request, { status, ms, aborted }) => {
    const user = request.identity && { user: request.identity.userId }
    request.log.info({ ...describeRequest(request), status, ms: Math.round(ms), ...user, ...(aborted && { aborted }) }, 'request')
  })
}

function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return { type: typeof error }
  return {
    type: error.constructor.name,
    message: error instanceof DrizzleQueryError ? `failed query: ${error.query}` : error.message,
    ...('code' in error && { code: error.code }),
    stack: error.stack?.match(/\n\s+at [\s\S]*/)?.[0],
    ...(error.cause !== undefined && { cause: describeError(error.cause) }),
  }
}

/** The route's pattern, not what was asked for. */
export function describeRequest({ method, routeOptions }: FastifyRequest): { method: string; route: string } {
  return { method, route: routeOptions?.url ?? 'none' }
}

function describeReply({ statusCode }: FastifyReply): { status: number } {
  return { status: statusCode }
}
