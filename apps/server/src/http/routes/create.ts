// The routes that make videos: new ones, variations, changes and continuations of earlier ones. Each answers when the video is
// accepted; sync.ts has the one that waits.

import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { identityOf } from '../../accounts/access.ts'
import type { App } from '../../app-type.ts'
import type { Services } from '../../services.ts'
import { acceptVideo } from '../../videos/accept.ts'
import { createFields, editFields, extendFields, remixFields } from '../../videos/fields.ts'
import type { VideoWish } from '../../videos/wish.ts'
import { showVideo } from '../../watch/shown.ts'
import { type VideoObject, videoObject, videoParams } from '../../watch/video-object.ts'
import { clientGone } from '../client-gone.ts'
import { errorEnvelope, errorResponses } from '../errors.ts'
import { syncRoute } from './sync.ts'
import { editOf, extensionOf, newVideo, remix } from './wishes.ts'

const access = 'videos:write'
const schema = {
  tags: ['videos'],
  headers: z.object({
    'idempotency-key': z.string().optional().describe('the same key and request again answer the first video, for a day'),
  }),
  response: { 200: videoObject, ...errorResponses, 422: errorEnvelope },
}

export function createRoutes(app: App, services: Services): void {
  const { config } = services
  const answer = answerer(services)
  app.post(
    '/v1/videos',
    {
      config: { access, form: { fields: createFields, files: ['input_reference'] } },
      schema: { ...schema, operationId: 'createVideo', summary: 'Makes a video of a prompt, or of a prompt and a picture or video' },
    },
    async (request, reply) => answer(request, reply, await newVideo(request, config)),
  )
  app.post(
    '/v1/videos/:id/remix',
    {
      config: { access, form: { fields: remixFields } },
      schema: {
        ...schema,
        params: videoParams,
        operationId: 'remixVideo',
        summary: 'Makes a video again with another prompt, and whatever else is given; the seed stays',
      },
    },
    async (request, reply) => answer(request, reply, await remix(request, request.params.id)),
  )
  app.post(
    '/v1/videos/edits',
    {
      config: { access, form: { fields: editFields, files: ['video'] } },
      schema: { ...schema, operationId: 'editVideo', summary: 'Redraws a video by a prompt, also at a larger size' },
    },
    async (request, reply) => answer(request, reply, await editOf(request)),
  )
  app.post(
    '/v1/videos/extensions',
    {
      config: { access, form: { fields: extendFields, files: ['video'] } },
      schema: { ...schema, operationId: 'extendVideo', summary: 'Continues a video; seconds or num_frames say how much is new' },
    },
    async (request, reply) => answer(request, reply, await extensionOf(request)),
  )
  syncRoute(app, services)
}

interface Asking extends Pick<FastifyRequest, 'identity'> {
  readonly headers: { readonly 'idempotency-key'?: string | undefined }
}

function answerer(services: Services) {
  const { hub } = services
  return async (request: Asking, reply: FastifyReply, wish: VideoWish): Promise<VideoObject> => {
    const options = { idempotencyKey: request.headers['idempotency-key'], signal: clientGone(reply) }
    const { job, repeated } = await acceptVideo(services, identityOf(request as FastifyRequest), wish, options)
    if (repeated) reply.header('idempotent-replayed', 'true')
    else hub.changed(job.id)
    return showVideo(hub, job)
  }
}
