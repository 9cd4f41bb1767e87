// The bytes of a video, whole or in part, as players ask for them.

import { Readable } from 'node:stream'
import { z } from 'zod'
import { identityOf } from '../../accounts/access.ts'
import type { App } from '../../app-type.ts'
import type { StoredFile } from '../../db/values.ts'
import { ServerError } from '../../errors.ts'
import type { Job } from '../../queue/take.ts'
import type { Services } from '../../services.ts'
import { expired, finishedFiles } from '../../videos/finished.ts'
import { ownVideo } from '../../watch/own-video.ts'
import { videoParams } from '../../watch/video-object.ts'
import { errorEnvelope, errorResponses } from '../errors.ts'
import { namesTag, parseRange } from '../range.ts'

const VARIANTS = ['video', 'thumbnail', 'spritesheet'] as const

const SHARED_HEADERS = { 'accept-ranges': 'bytes', 'cache-control': 'private, no-cache', 'x-content-type-options': 'nosniff' }

/** A stream: of anything else, Fastify answers HEAD with the length. */
const noBytes = (): Readable => Readable.from([])

export function contentRoutes(app: App, services: Services): void {
  const { storage } = services
  app.get(
    '/v1/videos/:id/content',
    {
      config: { access: 'videos:read', rangesUncounted: true },
      schema: {
        operationId: 'getVideoContent',
        tags: ['videos'],
        summary: 'Bytes of a video, its thumbnail or its sheet of frames; Range and If-None-Match are known',
        params: videoParams,
        querystring: z.object({ variant: z.enum(VARIANTS).default('video') }),
        response: {
          200: bytesOf('video/mp4', 'image/webp', 'image/jpeg'),
          206: bytesOf('video/mp4'),
          304: z.null(),
          416: errorEnvelope,
          ...errorResponses,
        },
      },
    },
    async (request, reply) => {
      const { method, headers } = request
      const job = await ownVideo(services, identityOf(request), request.params.id)
      const file = fileOf(job, request.query.variant)
      const tag = `"${file.digest}"`
      const shared = { ...SHARED_HEADERS, etag: tag }
      if (namesTag(headers['if-none-match'], tag)) return reply.status(304).headers(shared).send()
      const isWanted = method === 'GET' && (headers['if-range'] === undefined || headers['if-range'] === tag)
      const range = isWanted ? parseRange(headers.range, file.bytes) : undefined
      if (range === 'unsatisfiable') {
        reply.header('content-range', `bytes */${file.bytes}`)
        throw new ServerError(`the file has ${file.bytes} bytes; the range lies beyond`, { status: 416, code: 'range_not_satisfiable' })
      }
      const bytes = method === 'HEAD' ? noBytes() : await storage.get(file.key, range)
      if (!bytes) throw expired(`the video ${job.id}`)
      reply.headers({
        ...shared,
        'content-type': file.mediaType,
        'content-length': range ? range.end - range.start + 1 : file.bytes,
        'content-disposition': `inline; filename="${job.id}.${extensionOf(file)}"`,
      })
      if (range) reply.status(206).header('content-range', `bytes ${range.start}-${range.end}/${file.bytes}`)
      return reply.send(bytes)
    },
  )
}

/** Of any of these types, as OpenAPI has bytes. */
function bytesOf(...mediaTypes: string[]) {
  const schema = z.unknown().meta({ type: 'string', format: 'binary' })
  return { content: Object.fromEntries(mediaTypes.map((type) => [type, { schema }])) }
}

/** Throws ServerError where there is none (yet, or any more). */
function fileOf(job: Job, variant: (typeof VARIANTS)[number]): StoredFile {
  const file = finishedFiles(job)[variant]
  if (!file) throw new ServerError(`this video has no ${variant}`, { status: 404, code: 'variant_not_found', param: 'variant' })
  return file
}

function extensionOf({ key }: StoredFile): string {
  return key.slice(key.lastIndexOf('.') + 1)
}
