// A video's way to completion as server-sent events, for those who would otherwise ask again and again.

import { z } from 'zod'
import { identityOf } from '../../accounts/access.ts'
import { stillSignedIn } from '../../accounts/authenticate.ts'
import type { App } from '../../app-type.ts'
import type { Services } from '../../services.ts'
import { hasEnded, LAST_ID } from '../../watch/event.ts'
import { eventStreams } from '../../watch/event-streams.ts'
import { ownVideo } from '../../watch/own-video.ts'
import { videoParams } from '../../watch/video-object.ts'
import { errorResponses } from '../errors.ts'

export function eventRoutes(app: App, services: Services): void {
  const streams = eventStreams(services.hub)
  app.addHook('preClose', async () => streams.close())

  app.get(
    '/v1/videos/:id/events',
    {
      config: { access: 'videos:read' },
      exposeHeadRoute: false,
      schema: {
        operationId: 'watchVideo',
        tags: ['videos'],
        summary:
          'Server-sent events: `progress` until `completed` or `failed`, which carry the video and are the last; `preview` when asked for',
        params: videoParams,
        querystring: z.object({ preview: z.stringbool().default(false).describe('pictures of what is being made, as JPEG') }),
        response: {
          200: { content: { 'text/event-stream': { schema: z.string() } } },
          204: z.null().describe('to a browser that has had the last event and comes again'),
          ...errorResponses,
        },
      },
    },
    async (request, reply) => {
      const job = await ownVideo(services, identityOf(request), request.params.id)
      if (hasEnded(job) && request.headers['last-event-id'] === LAST_ID) return reply.status(204).send(null)
      const { authorization, cookie } = request.headers
      streams.open(reply.hijack().raw, reply.getHeaders(), {
        videoId: job.id,
        preview: request.query.preview,
        credential: authorization ?? cookie ?? '',
        isStillAllowed: () => stillSignedIn(request),
      })
    },
  )
}
