// What is known of videos: lists, one video's state, and taking one away. A state is what clients ask for again and
// again: it costs neither a query nor a serialization while it is the same.

import { z } from 'zod'
import { identityOf } from '../../accounts/access.ts'
import type { Identity } from '../../accounts/identity.ts'
import type { App } from '../../app-type.ts'
import { ServerError } from '../../errors.ts'
import { requestCancel } from '../../queue/order.ts'
import { removeVideo } from '../../retention/remove-video.ts'
import type { Services } from '../../services.ts'
import { hasEnded } from '../../watch/event.ts'
import { listVideos } from '../../watch/list.ts'
import { ownVideo, videoNotFound } from '../../watch/own-video.ts'
import { showVideo, textOf } from '../../watch/shown.ts'
import { videoList, videoObject, videoParams } from '../../watch/video-object.ts'
import { errorResponses } from '../errors.ts'

const MOST_ROWS = 100

const listQuery = z.object({
  limit: z.coerce.number().int().min(0).max(MOST_ROWS).default(20),
  order: z.enum(['asc', 'desc']).default('desc').describe('by when they were asked for'),
  after: z.string().max(100).optional().describe('id of the last video of the page before'),
  user: z.string().max(100).optional().describe("of administrators: another user's"),
  all: z.stringbool().optional().describe("of administrators: everyone's"),
  search: z.string().max(200).optional().describe('every word occurs in the prompt, or the id begins with it; in any case'),
  model: z.string().max(100).optional(),
  starred: z.stringbool().optional(),
  status: videoObject.shape.status.optional(),
})

export function readRoutes(app: App, services: Services): void {
  const { db, hub } = services

  app.get(
    '/v1/videos',
    {
      config: { access: 'videos:read' },
      schema: {
        operationId: 'listVideos',
        tags: ['videos'],
        summary: 'Videos, the newest first',
        querystring: listQuery,
        response: { 200: videoList, ...errorResponses },
      },
    },
    async (request) => {
      const { user, all, ...wanted } = request.query
      const userId = ownerOf(identityOf(request), { user, all })
      const page = await listVideos(db, { userId, ...wanted })
      if (!page) throw videoNotFound('after')
      const data = await Promise.all(page.jobs.map((job) => showVideo(hub, job)))
      return { object: 'list' as const, data, first_id: data[0]?.id ?? null, last_id: data.at(-1)?.id ?? null, has_more: page.hasMore }
    },
  )

  app.get(
    '/v1/videos/:id',
    {
      config: { access: 'videos:read' },
      // A line for each poll would be most of the log, and a good part of what a poll costs.
      logLevel: 'warn',
      schema: {
        operationId: 'getVideo',
        tags: ['videos'],
        summary: 'State of a video',
        params: videoParams,
        response: { 200: videoObject, ...errorResponses },
      },
    },
    async (request, reply) => {
      const job = await ownVideo(services, identityOf(request), request.params.id)
      return reply
        .type('application/json; charset=utf-8')
        .serializer(textOf)
        .send(await showVideo(hub, job))
    },
  )

  app.delete(
    '/v1/videos/:id',
    {
      config: { access: 'videos:write' },
      schema: {
        operationId: 'deleteVideo',
        tags: ['videos'],
        summary: 'Removes a video and its files; one that is being made is cancelled',
        params: videoParams,
        response: {
          200: z.object({ id: z.string(), object: z.literal('video.deleted'), deleted: z.boolean() }),
          ...errorResponses,
        },
      },
    },
    async (request) => {
      const job = await ownVideo(services, identityOf(request), request.params.id)
      if (!hasEnded(job)) await requestCancel(db, job.userId, job.id)
      await removeVideo(services, job)
      hub.changed(job.id)
      return { id: job.id, object: 'video.deleted' as const, deleted: true }
    },
  )
}

function ownerOf(
  { userId, scopes }: Identity,
  { user, all }: { user?: string | undefined; all?: boolean | undefined },
): string | undefined {
  const foreign = all === true || (user !== undefined && user !== userId)
  if (foreign && !scopes.has('admin'))
    throw new ServerError("only an administrator may see other users' videos", {
      status: 403,
      code: 'not_administrator',
      param: all === true ? 'all' : 'user',
    })
  return all === true ? undefined : (user ?? userId)
}
