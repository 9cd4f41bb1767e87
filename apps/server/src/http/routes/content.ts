// The bytes of a video, whole or in part, as players ask for them.

import { z } from 'zod'
import { identityOf } from '../../accounts/access.ts'
import type { App } from '../../app-type.ts'
import type { StoredFile } from '../../db/values.ts'
import { ServerError } from '../../errors.ts'
import type { Job } from '../../queue/take.ts'
import type { Services } from '../../services.ts'
import { CONVERSIONS, type Conversion, convertVideo } from '../../videos/convert.ts'
import { expired, finishedFiles } from '../../videos/finished.ts'
import { ownVideo } from '../../watch/own-video.ts'
import { videoParams } from '../../watch/video-object.ts'
import { answerBytes } from '../bytes.ts'
import { clientGone } from '../client-gone.ts'
import { errorEnvelope, errorResponses } from '../errors.ts'

const VARIANTS = ['video', 'thumbnail', 'spritesheet', 'webm', 'gif'] as const
type Variant = (typeof VARIANTS)[number]

/** A grid shows hundreds of pictures, which never change: within a day nobody asks again, as long as it is the same session. */
const CACHED = { 'cache-control': 'private, max-age=86400, immutable', vary: 'cookie, authorization' }
const ASKED_AGAIN = { 'cache-control': 'private, no-cache' }
const PICTURES: ReadonlySet<Variant> = new Set(['thumbnail', 'spritesheet'])

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
        description:
          '`webm` and `gif` are made of the video when they are first asked for, which takes some seconds, and then kept with it.',
        params: videoParams,
        querystring: z.object({ variant: z.enum(VARIANTS).default('video') }),
        response: {
          200: bytesOf('video/mp4', 'image/webp', 'image/jpeg', 'video/webm', 'image/gif'),
          206: bytesOf('video/mp4', 'image/webp', 'image/jpeg', 'video/webm', 'image/gif'),
          304: z.null(),
          416: errorEnvelope,
          ...errorResponses,
        },
      },
    },
    async (request, reply) => {
      const job = await ownVideo(services, identityOf(request), request.params.id)
      const file = await fileOf(services, job, request.query.variant, () => clientGone(reply))
      const bytes = await answerBytes(request, reply, {
        tag: `"${file.digest}"`,
        length: file.bytes,
        shared: PICTURES.has(request.query.variant) ? CACHED : ASKED_AGAIN,
        headers: { 'content-type': file.mediaType, 'content-disposition': `inline; filename="${job.id}.${extensionOf(file)}"` },
        read: (range) => storage.get(file.key, range),
      })
      if (bytes === undefined) throw expired(`the video ${job.id}`)
      return bytes
    },
  )
}

/** Of any of these types, as OpenAPI has bytes. */
function bytesOf(...mediaTypes: string[]) {
  const schema = z.unknown().meta({ type: 'string', format: 'binary' })
  return { content: Object.fromEntries(mediaTypes.map((type) => [type, { schema }])) }
}

/** Throws ServerError where there is none (yet, or any more). `gone` is asked for when it has to be made first. */
async function fileOf(services: Services, job: Job, variant: Variant, gone: () => AbortSignal): Promise<StoredFile> {
  const files = finishedFiles(job)
  const file = files[variant]
  if (file) return file
  if (variant in CONVERSIONS) return convertVideo(services, { job, source: files.video, form: variant as Conversion }, gone())
  throw new ServerError(`this video has no ${variant}`, { status: 404, code: 'variant_not_found', param: 'variant' })
}

function extensionOf({ key }: StoredFile): string {
  return key.slice(key.lastIndexOf('.') + 1)
}
