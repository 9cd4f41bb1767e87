// A request that only reads, asked again when the connection breaks or the service is busy: a generation takes minutes, and one
// lost answer must not cost it. After the last attempt the error is final, since the SDK would begin a new video otherwise.

import { APICallError } from '@ai-sdk/provider'
import { isAbortError, retryWithExponentialBackoff } from '@ai-sdk/provider-utils'

const RETRIES = 5
const FIRST_DELAY_MS = 500
const ANSWER_MS = 60_000

/** `ask` gets a signal that also ends it when no answer comes. Rejects with the reason of `signal` once that aborts. */
export async function persistently<T>(
  ask: (signal: AbortSignal) => PromiseLike<T>,
  url: string,
  signal: AbortSignal | undefined,
): Promise<T> {
  const retry = retryWithExponentialBackoff({
    maxRetries: RETRIES,
    initialDelayInMs: FIRST_DELAY_MS,
    shouldRetry: (error) => APICallError.isInstance(error) && error.isRetryable,
    createRetryError: ({ errors }) => errors.at(-1),
    ...(signal && { abortSignal: signal }),
  })
  try {
    return await retry(async () => {
      const limit = AbortSignal.timeout(ANSWER_MS)
      try {
        return await ask(signal ? AbortSignal.any([signal, limit]) : limit)
      } catch (error) {
        throw limit.aborted && isAbortError(error) ? unanswered(url, error) : error
      }
    })
  } catch (error) {
    signal?.throwIfAborted()
    throw APICallError.isInstance(error) ? final(error) : error
  }
}

function unanswered(url: string, cause: Error): APICallError {
  const message = `the service did not answer within ${ANSWER_MS / 1000} s`
  return new APICallError({ message, url, requestBodyValues: {}, cause, isRetryable: true })
}

function final({ message, url, requestBodyValues, statusCode, responseHeaders, responseBody, cause, data }: APICallError): APICallError {
  return new APICallError({
    message,
    url,
    requestBodyValues,
    cause,
    data,
    isRetryable: false,
    ...(statusCode !== undefined && { statusCode }),
    ...(responseHeaders && { responseHeaders }),
    ...(responseBody !== undefined && { responseBody }),
  })
}
