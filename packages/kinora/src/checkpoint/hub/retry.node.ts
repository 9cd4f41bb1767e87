// Trying again what may pass: waits that double, with chance in them so that many clients do not return at once, or as long
// as the hub asked. Any progress starts the count anew, so a slow line with many cuts still gets there.

import { setTimeout } from 'node:timers/promises'
import { TransientError, UnreachableError } from './refusal.ts'
import type { HubSettings } from './settings.node.ts'

const MAX_DELAY_MS = 30_000

/**
 * Calls `attempt` until it succeeds, throws something other than a TransientError, or fails `retries` more times without having
 * called `advanced`. `what` completes "... could not be downloaded".
 */
export async function persist<T>(settings: HubSettings, what: string, attempt: (advanced: () => void) => Promise<T>): Promise<T> {
  let failures = 0
  for (;;) {
    try {
      return await attempt(() => {
        failures = 0
      })
    } catch (error) {
      if (!(error instanceof TransientError)) throw error
      failures += 1
      if (failures > settings.retries) throw unreachable(what, failures, error)
      await pause(error.waitMs ?? delay(settings.retryDelayMs, failures), settings.signal)
    }
  }
}

function unreachable(what: string, failures: number, cause: TransientError): UnreachableError {
  const times = failures === 1 ? '' : ` (${failures} attempts)`
  return new UnreachableError(`${what} could not be downloaded: ${cause.message}${times}; run it again later, what is there is kept`, {
    cause,
  })
}

function delay(first: number, failures: number): number {
  return Math.min(MAX_DELAY_MS, first * 2 ** (failures - 1)) * (0.5 + Math.random() / 2)
}

/** Waits; rejects with the signal's own reason. */
export async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await setTimeout(ms, undefined, signal ? { signal } : {})
  } catch (error) {
    signal?.throwIfAborted()
    throw error
  }
}
