// What the service refuses, with what the API's error envelope says of it. Errors of the library (kinora) are not
// these: http/errors.ts turns both into answers.

export class ServerError extends Error {
  override readonly name = 'ServerError'
  /** HTTP status. */
  readonly status: number
  /** For programs: stable, lower case. */
  readonly code: string
  /** The field of the request that is at fault. */
  readonly param: string | undefined
  /** Seconds after which asking again may help. */
  readonly retryAfter: number | undefined

  constructor(message: string, { status, code, param, retryAfter, cause }: ServerErrorOptions) {
    super(message, { cause })
    this.status = status
    this.code = code
    this.param = param
    this.retryAfter = retryAfter
  }
}

interface ServerErrorOptions {
  readonly status: number
  readonly code: string
  readonly param?: string
  readonly retryAfter?: number
  readonly cause?: unknown
}
