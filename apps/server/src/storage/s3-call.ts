// One request to S3: how long it may take, how often it is tried, and what its failure is called. Errors of the library are not
// passed on: they carry the server's answer, which repeats the key's name and what was signed.

import { setTimeout as wait } from 'node:timers/promises'
import { S3NetworkError, S3ServiceError } from 's3mini'
import { ServerError } from '../errors.ts'

const WAITS = [200, 800, 3000]
const ANSWER_WITHIN = 30_000
/** Bytes a second that the slowest line carries which is waited for. */
const SLOWEST = 50_000

/** Until the answer begins; a body that is read may take as long as its reader. */
export function timedFetch(answerWithin = ANSWER_WITHIN): typeof fetch {
  return async (input, init) => {
    const body = init?.body
    const bytes = body instanceof Uint8Array ? body.byteLength : 0
    const abort = new AbortController()
    const timer = setTimeout(() => abort.abort(new S3NetworkError('no answer', 'ETIMEDOUT')), answerWithin + (bytes / SLOWEST) * 1000)
    try {
      return await fetch(input, { ...init, signal: abort.signal })
    } finally {
      clearTimeout(timer)
    }
  }
}

/** Tries again what may succeed later. Rejects with ServerError, whose sentence is for people. */
export async function call<T>(action: () => Promise<T>, waits: readonly number[] = WAITS): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await action()
    } catch (error) {
      const pause = waits[attempt]
      if (pause === undefined || !passing(error)) throw named(error)
      await wait(pause * (0.5 + Math.random()))
    }
  }
}

/** As `call`; undefined where the answer is that there is no such thing. */
export async function callForMaybe<T>(action: () => Promise<T>, waits?: readonly number[]): Promise<T | undefined> {
  return call(
    () =>
      action().catch((error: unknown) => {
        if (statusOf(error) === 404) return undefined
        throw error
      }),
    waits,
  )
}

function statusOf(error: unknown): number | undefined {
  if (error instanceof S3ServiceError) return error.status
  return error instanceof Error && error.cause instanceof S3ServiceError ? error.cause.status : undefined
}

function passing(error: unknown): boolean {
  if (error instanceof ServerError) return false
  const status = statusOf(error)
  return status === undefined || status === 408 || status === 429 || status >= 500
}

function named(error: unknown): ServerError {
  if (error instanceof ServerError) return error
  return unavailable(reasonOf(error), statusOf(error) === undefined ? error : undefined)
}

function reasonOf(error: unknown): string {
  const status = statusOf(error)
  if (status === undefined) return `does not answer (${networkCode(error)}); see that its endpoint can be reached from this machine`
  const code = serviceCode(error)
  const answer = code === undefined ? String(status) : `${status} ${code}`
  if (status === 401 || status === 403)
    return `answers ${answer}; see that AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are right and may read, write and list there`
  if (status === 301 || status === 307 || status === 400) return `answers ${answer}; see that bucket, region and endpoint are right`
  return `answers ${answer}`
}

function serviceCode(error: unknown): string | undefined {
  const service = error instanceof S3ServiceError ? error : error instanceof Error ? error.cause : undefined
  const code = service instanceof S3ServiceError ? service.serviceCode : undefined
  return code !== undefined && /^[A-Za-z]{1,60}$/.test(code) && code !== 'Unknown' ? code : undefined
}

function networkCode(error: unknown): string {
  for (let at = error; at instanceof Error; at = at.cause)
    if ('code' in at && typeof at.code === 'string' && /^[A-Z_]{1,60}$/.test(at.code)) return at.code
  return 'the connection failed'
}

/** The storage as such fails; what it does comes after "the S3 storage". */
export function unavailable(what: string, cause?: unknown): ServerError {
  return new ServerError(`the S3 storage ${what}`, { status: 503, code: 'storage_unavailable', retryAfter: 10, cause })
}
