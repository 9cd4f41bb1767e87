// A video in one request, for programs that want nothing else: the answer is its bytes, when it is done. A client that goes
// away cancels what it asked for.

import type { FastifyReply } from 'fastify'
import { z } from 'zod'
import { identityOf } from '../../accounts/access.ts'
import type { App } from '../../app-type.ts'
import { ServerError } from '../../errors.ts'
import { requestCancel } from '../../queue/order.ts'
import type { Job } from '../../queue/take.ts'
import type { Services } from '../../services.ts'
import { acceptVideo } from '../../videos/accept.ts'
import { createFields } from '../../videos/fields.ts'
import { expired, finishedFiles } from '../../videos/finished.ts'
import { hasEnded } from '../../watch/event.ts'
import { errorOf } from '../../watch/video-object.ts'
import { clientGone } from '../client-gone.ts'
import { errorEnvelope, errorResponses } from '../errors.ts'
import { newVideo } from './wishes.ts'

export function syncRoute(app: App, services: Services): void {
  const closing = new AbortController()
  app.addHook('preClose', async () => {
    closing.abort(new ServerError('the service stops; the video is made all the same', { status: 503, code: 'stopping', retryAfter: 10 }))
  })
  app.post(
    '/v1/videos/sync',
    {
      config: { access: 'videos:write', form: { fields: createFields, files: ['input_reference'] } },
      schema: {
        tags: ['videos'],
        operationId: 'createVideoSync',
        summary: 'Makes a video and answers its bytes when it is done; ending the request cancels it',
        headers: z.object({ 'idempotency-key': z.string().optional() }),
        response: {
          200: { content: { 'video/mp4': { schema: z.unknown().meta({ type: 'string', format: 'binary' }) } } },
          ...errorResponses,
          422: errorEnvelope,
        },
      },
    },
    async (request, reply) => {
      const signal = clientGone(reply)
      const wish = await newVideo(request, services.config)
      const options = { idempotencyKey: request.headers['idempotency-key'], signal }
      const { job, repeated } = await acceptVideo(services, identityOf(request), wish, options)
      reply.header('x-video-id', job.id)
      if (repeated) reply.header('idempotent-replayed', 'true')
      else cancelWith(signal, services, job)
      return sendVideo(services, reply, await ended(services, job, AbortSignal.any([signal, closing.signal])))
    },
  )
}

/** Of who repeats a request the video is not: another one may wait for it. */
function cancelWith(signal: AbortSignal, { db, hub, log }: Services, { id, userId }: Job): void {
  hub.changed(id)
  const cancel = () =>
    requestCancel(db, userId, id).then(
      () => hub.changed(id),
      (error: unknown) => log.error({ err: error, video: id }, 'a video that nobody waits for was not cancelled'),
    )
  signal.addEventListener('abort', () => void cancel(), { once: true })
  if (signal.aborted) void cancel()
}

/** Its row when it has ended. Rejects with the signal's reason. */
function ended({ hub }: Services, { id }: Job, signal: AbortSignal): Promise<Job> {
  return new Promise((resolve, reject) => {
    const end = (settle: () => void) => {
      stop()
      signal.removeEventListener('abort', abort)
      settle()
    }
    const abort = () => end(() => reject(signal.reason instanceof Error ? signal.reason : new Error('nobody waits')))
    const stop = hub.watch(id, (job) => {
      if (!job) end(() => reject(new ServerError(`the video ${id} was deleted`, { status: 404, code: 'video_not_found' })))
      else if (hasEnded(job)) end(() => resolve(job))
    })
    signal.addEventListener('abort', abort)
    if (signal.aborted) abort()
  })
}

async function sendVideo({ storage }: Services, reply: FastifyReply, job: Job): Promise<FastifyReply> {
  const error = errorOf(job)
  if (error)
    throw new ServerError(`the video ${job.id} was not made: ${error.message}`, {
      status: error.code === 'cancelled' ? 409 : 500,
      code: error.code,
    })
  const { key, bytes, mediaType, digest } = finishedFiles(job).video
  const stream = await storage.get(key)
  if (!stream) throw expired(`the video ${job.id}`)
  return reply
    .headers({ 'content-length': bytes, 'cache-control': 'no-store', etag: `"${digest}"` })
    .type(mediaType)
    .send(stream)
}
