// Tells work that is done for an answer that nobody waits for it any more.

import type { FastifyReply } from 'fastify'
import { ServerError } from '../errors.ts'

/** Aborted when the connection ends before the answer has gone out. */
export function clientGone({ raw }: FastifyReply): AbortSignal {
  const controller = new AbortController()
  raw.once('close', () => {
    if (!raw.writableFinished) controller.abort(new ServerError('the client went away', { status: 499, code: 'client_gone' }))
  })
  return controller.signal
}
