// Changing a video while it waits.

import { identityOf } from '../../accounts/access.ts'
import type { App } from '../../app-type.ts'
import type { Services } from '../../services.ts'
import { changeVideo } from '../../videos/change.ts'
import { remixFields } from '../../videos/fields.ts'
import { showVideo } from '../../watch/shown.ts'
import { videoObject, videoParams } from '../../watch/video-object.ts'
import { errorResponses } from '../errors.ts'

/** Those of a variation, of which none has to be given. */
const changeFields = remixFields.omit({ model: true }).partial().meta({ id: 'ChangeVideo' })

export function changeRoute(app: App, services: Services): void {
  app.patch(
    '/v1/videos/:id',
    {
      config: { access: 'videos:write' },
      schema: {
        operationId: 'changeVideo',
        tags: ['queue'],
        summary: 'Changes a video that waits; it keeps its place, and whatever is not named',
        params: videoParams,
        body: changeFields,
        response: { 200: videoObject, ...errorResponses },
      },
    },
    async (request) => {
      const job = await changeVideo(services, identityOf(request), request.params.id, request.body)
      return showVideo(services.hub, job)
    },
  )
}
