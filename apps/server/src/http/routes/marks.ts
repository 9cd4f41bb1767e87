// What is done to many videos at once: starred or not, put into the trash, taken out of it again.

import { z } from 'zod'
import { identityOf } from '../../accounts/access.ts'
import type { App } from '../../app-type.ts'
import { TRASH_SECONDS } from '../../retention/trash.ts'
import type { Services } from '../../services.ts'
import { restoreVideos, starVideos, trashVideos } from '../../videos/marks.ts'
import { videoParams } from '../../watch/video-object.ts'
import { errorResponses } from '../errors.ts'

const MOST_IDS = 1000

const ids = z.array(videoParams.shape.id).min(1).max(MOST_IDS)
const body = z.strictObject({ ids })
const marked = z.object({ ids: z.array(z.string()).describe('without those that are not there') })

export function markRoutes(app: App, services: Services): void {
  const { hub } = services
  const schemaOf = (operationId: string, summary: string) =>
    ({ operationId, tags: ['videos'], summary, response: { 200: marked, ...errorResponses } }) as const
  const config = { access: 'videos:write' } as const
  const answer = async (marking: Promise<readonly string[]>) => {
    const changed = await marking
    for (const id of changed) hub.changed(id)
    return { ids: [...changed] }
  }
  app.post(
    '/v1/videos/star',
    {
      config,
      schema: { ...schemaOf('starVideos', 'Stars videos, or takes their stars away'), body: body.extend({ starred: z.boolean() }) },
    },
    (request) => answer(starVideos(services, identityOf(request), request.body.ids, request.body.starred)),
  )
  app.post(
    '/v1/videos/trash',
    {
      config,
      schema: {
        ...schemaOf(
          'trashVideos',
          `Puts videos into the trash, from where they are removed after ${TRASH_SECONDS / 60} minutes; cancels them`,
        ),
        body,
      },
    },
    (request) => answer(trashVideos(services, identityOf(request), request.body.ids)),
  )
  app.post('/v1/videos/restore', { config, schema: { ...schemaOf('restoreVideos', 'Takes videos out of the trash'), body } }, (request) =>
    answer(restoreVideos(services, identityOf(request), request.body.ids)),
  )
}
