// What a hub's answer other than success means, as an error whose sentence says what to do. Some pass by themselves
// (TransientError, to be tried again), the others are final.

import { CheckpointError } from '../../errors.ts'
import { excerpt } from '../json.ts'
import { type ModelSpec, showSpec } from './spec.ts'

/** The connection broke or the hub is busy: trying again may help. */
export class TransientError extends Error {
  override name = 'TransientError'
  /** How long the hub asked to wait. */
  readonly waitMs: number | undefined

  constructor(message: string, options: { cause?: unknown; waitMs?: number | undefined } = {}) {
    super(message, { cause: options.cause })
    this.waitMs = options.waitMs
  }
}

/** Tried again often enough: there is no way to the hub now. */
export class UnreachableError extends CheckpointError {}

/** The commit has no such file, whatever the list said. */
export class MissingFileError extends CheckpointError {}

export interface Subject {
  endpoint: string
  hasToken: boolean
  spec: ModelSpec
  /** File of the repository that was asked for. */
  path?: string
}

/** Longer than this nobody waits without being told. */
const MAX_WAIT_MS = 5 * 60_000

/** The error of an answer that is no success. */
export function refusal(response: Response, subject: Subject): Error {
  const { endpoint, spec, path } = subject
  const { status } = response
  const host = new URL(response.url || endpoint).host
  const code = response.headers.get('x-error-code')
  const page = `${endpoint}/${spec.repo}`
  if (status === 429 || status === 408 || status >= 500) return busy(response, host)
  if (code === 'GatedRepo') return new CheckpointError(gated(subject, page))
  if (status === 401 && /invalid/i.test(response.headers.get('x-error-message') ?? ''))
    return new CheckpointError(
      `${host} does not accept the access token: make a new one at ${endpoint}/settings/tokens and set it as HF_TOKEN`,
    )
  if (code === 'RevisionNotFound')
    return new CheckpointError(`${spec.repo} has no revision ${spec.revision}: its branches and tags are at ${page}/tree/main`)
  if (code === 'EntryNotFound' || (status === 404 && path !== undefined && code !== 'RepoNotFound'))
    return new MissingFileError(`${showSpec(spec)} has no file ${path ?? ''}: its files are at ${page}/tree/${spec.revision}`)
  if (status === 401 || status === 404 || code === 'RepoNotFound') return new CheckpointError(notFound(subject, host))
  if (status === 403)
    return new CheckpointError(`${host} forbids ${spec.repo}${said(response)}; see ${page}, or set HF_TOKEN to a token that may read it`)
  return new CheckpointError(`${host} answered ${status} for ${path ?? showSpec(spec)}${said(response)}`)
}

function busy(response: Response, host: string): Error {
  const waitMs = askedWait(response.headers)
  const what = response.status === 429 ? 'asks to slow down' : `answers ${response.status}`
  if (waitMs !== undefined && waitMs > MAX_WAIT_MS)
    return new UnreachableError(`${host} ${what} and to come back in ${Math.ceil(waitMs / 60_000)} minutes; run it again then`)
  return new TransientError(`${host} ${what}`, { waitMs })
}

/** Milliseconds out of Retry-After, or out of `ratelimit: "api";r=0;t=55`. */
export function askedWait(headers: Headers, now = Date.now()): number | undefined {
  const after = headers.get('retry-after')
  const at = after === null ? Number.NaN : Date.parse(after)
  if (after !== null && /^\s*\d+\s*$/.test(after)) return Number(after) * 1000
  if (!Number.isNaN(at)) return Math.max(0, at - now)
  const limit = /;\s*r\s*=\s*0\s*;\s*t\s*=\s*(\d+)/.exec(headers.get('ratelimit') ?? '')
  return limit?.[1] === undefined ? undefined : Number(limit[1]) * 1000
}

function gated({ endpoint, hasToken, spec }: Subject, page: string): string {
  const accept = `${spec.repo} is gated: log in, accept its licence at ${page}`
  if (hasToken) return `${accept}, and use a token of that account; the token in use has no access`
  return `${accept}, and set HF_TOKEN to an access token of that account (${endpoint}/settings/tokens)`
}

function notFound({ hasToken, spec }: Subject, host: string): string {
  const token = hasToken ? 'use a token that may read it' : 'set HF_TOKEN to an access token'
  return `${host} knows no ${spec.repo}, or it is private: check the spelling; for a private one ${token}`
}

/** The hub's own words, which are text from outside. */
function said(response: Response): string {
  const message = response.headers.get('x-error-message')
  return message ? ` (${excerpt(message)})` : ''
}
