// Requests to the service: JSON or a form in, JSON out, every refusal an ApiError. The cookie says who asks; what changes
// something carries the session's CSRF token besides.

import { addressOf } from '../base.ts'
import type { ApiErrorBody } from './types.ts'

export class ApiError extends Error {
  /** HTTP status; 0 when the service was not reached. */
  readonly status: number
  /** As the service names it (`quota_exceeded`), or `unreachable`. */
  readonly code: string
  /** The field that was refused. */
  readonly param: string | undefined
  /** Seconds after which asking again may help. */
  readonly retryAfter: number | undefined

  constructor(
    message: string,
    {
      status,
      code,
      param,
      retryAfter,
      cause,
    }: {
      status: number
      code: string
      param?: string | undefined
      retryAfter?: number | undefined
      cause?: unknown
    },
  ) {
    super(message, { cause })
    this.name = 'ApiError'
    this.status = status
    this.code = code
    this.param = param
    this.retryAfter = retryAfter
  }
}

export interface Asking {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Sent as JSON, or as a form. */
  readonly body?: object | FormData
  /** undefined ones are left out. */
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>
  readonly headers?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
}

let csrfToken: string | null = null
const listeners = new Set<(error: ApiError | undefined) => void>()

/** As the session tells it (session.ts). */
export function keepCsrfToken(token: string | null): void {
  csrfToken = token
}

/** Hears of every answer: undefined for a good one. Gives back what ends it. */
export function onAnswer(listener: (error: ApiError | undefined) => void): () => void {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

/** `path` as `/v1/videos`. Rejects with ApiError, or with the signal's reason. */
export function ask<T>(path: string, asking: Asking = {}): Promise<T> {
  return told(async () => {
    const response = await send(path, asking)
    return (response.status === 204 ? undefined : await response.json()) as T
  })
}

/** As `ask`, of what is no JSON: a video's bytes. */
export function askBytes(path: string, asking: Asking = {}): Promise<Blob> {
  return told(async () => (await send(path, asking)).blob())
}

/** Lets the listeners hear how it went. */
async function told<T>(asked: () => Promise<T>): Promise<T> {
  try {
    const answer = await asked()
    for (const heard of listeners) heard(undefined)
    return answer
  } catch (error) {
    if (error instanceof ApiError) for (const heard of listeners) heard(error)
    throw error
  }
}

async function send(path: string, { method = 'GET', body, query = {}, headers, signal }: Asking): Promise<Response> {
  const url = new URL(addressOf(path))
  for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, String(value))
  const isForm = body instanceof FormData
  let response: Response
  try {
    response = await fetch(url, {
      method,
      headers: {
        ...(body && !isForm && { 'content-type': 'application/json' }),
        ...(method !== 'GET' && csrfToken !== null && { 'x-csrf-token': csrfToken }),
        ...headers,
      },
      ...(body && { body: isForm ? body : JSON.stringify(body) }),
      ...(signal && { signal }),
    })
  } catch (error) {
    signal?.throwIfAborted()
    throw new ApiError('the service cannot be reached', { status: 0, code: 'unreachable', cause: error })
  }
  if (response.ok) return response
  throw await refusalOf(response)
}

async function refusalOf(response: Response): Promise<ApiError> {
  const { status } = response
  const retryAfter = Number(response.headers.get('retry-after') ?? Number.NaN)
  const envelope = (await response.json().catch(() => undefined)) as Partial<ApiErrorBody> | undefined
  // A proxy in front says it in its own words when the service is down.
  if (!envelope?.error) return new ApiError('the service cannot be reached', { status: status >= 500 ? 0 : status, code: 'unreachable' })
  const { message, code, param } = envelope.error
  return new ApiError(message, {
    status,
    code: code ?? 'unknown',
    param: param ?? undefined,
    retryAfter: Number.isFinite(retryAfter) ? retryAfter : undefined,
  })
}
