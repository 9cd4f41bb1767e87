// What users do with their own jobs: cancel one or all, and bring them into another order.

import { z } from 'zod'
import { identityOf } from '../../accounts/access.ts'
import type { App } from '../../app-type.ts'
import { ServerError } from '../../errors.ts'
import { moveBehind, requestCancel, requestCancelAll } from '../../queue/order.ts'
import type { Services } from '../../services.ts'
import { ownVideo, videoNotFound } from '../../watch/own-video.ts'
import { showVideo } from '../../watch/shown.ts'
import { videoObject, videoParams } from '../../watch/video-object.ts'
import { errorResponses } from '../errors.ts'
import { changeRoute } from './change.ts'
import { pauseRoutes } from './pause.ts'

export function queueRoutes(app: App, services: Services): void {
  cancelRoutes(app, services)
  moveRoute(app, services)
  changeRoute(app, services)
  pauseRoutes(app, services)
}

function cancelRoutes(app: App, services: Services): void {
  const { db, hub } = services
  app.post(
    '/v1/videos/:id/cancel',
    {
      config: { access: 'videos:write' },
      schema: {
        operationId: 'cancelVideo',
        tags: ['queue'],
        summary: 'Cancels a video: at once while it waits, within about a second while it is made',
        params: videoParams,
        response: { 200: videoObject, ...errorResponses },
      },
    },
    async (request) => {
      const identity = identityOf(request)
      const { id, userId } = await ownVideo(services, identity, request.params.id)
      const isCancelled = await requestCancel(db, userId, id)
      hub.changed(id)
      const job = await ownVideo(services, identity, id)
      if (!isCancelled && job.status !== 'cancelled')
        throw new ServerError(`the video cannot be cancelled any more: it is ${job.status}`, { status: 409, code: 'video_ended' })
      return showVideo(hub, job)
    },
  )

  app.post(
    '/v1/videos/cancel',
    {
      config: { access: 'videos:write' },
      schema: {
        operationId: 'cancelVideos',
        tags: ['queue'],
        summary: 'Cancels all your own videos, or those that wait',
        body: z.strictObject({ scope: z.enum(['all', 'waiting']) }),
        response: { 200: z.object({ cancelled: z.array(z.string()).describe('ids') }), ...errorResponses },
      },
    },
    async (request) => {
      const cancelled = await requestCancelAll(db, identityOf(request).userId, request.body.scope)
      for (const id of cancelled) hub.changed(id)
      return { cancelled }
    },
  )
}

function moveRoute(app: App, services: Services): void {
  const { db, hub } = services
  app.post(
    '/v1/videos/:id/move',
    {
      config: { access: 'videos:write' },
      schema: {
        operationId: 'moveVideo',
        tags: ['queue'],
        summary: 'Moves a waiting video among those of its user',
        params: videoParams,
        body: z.strictObject({ after: z.string().min(1).max(100).nullable().describe('the video before it; null: to the front') }),
        response: { 200: videoObject, ...errorResponses },
      },
    },
    async (request) => {
      const identity = identityOf(request)
      const { after } = request.body
      const { id, userId } = await ownVideo(services, identity, request.params.id)
      if (after === id)
        throw new ServerError('a video cannot be moved behind itself', { status: 400, code: 'invalid_value', param: 'after' })
      const other = after === null ? undefined : await ownVideo(services, identity, after, 'after')
      if (other && other.userId !== userId) throw videoNotFound('after')
      const isMoved = await moveBehind(db, userId, id, after)
      hub.changed(id)
      if (!isMoved)
        throw new ServerError('only a video that waits can be moved, behind another one that waits', {
          status: 409,
          code: 'video_not_waiting',
        })
      return showVideo(hub, await ownVideo(services, identity, id))
    },
  )
}
