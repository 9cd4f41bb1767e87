// What can be asked for: the models in OpenAI's list shape, and all that a form needs to be drawn: fields with their ranges and
// defaults, schedulers, limits, and what is left of one's quota.

import { z } from 'zod'
import { identityOf } from '../../accounts/access.ts'
import type { App } from '../../app-type.ts'
import { ServerError } from '../../errors.ts'
import type { Services } from '../../services.ts'
import { capabilities, capabilitiesOf, modelObject, modelObjectsOf } from '../../videos/capabilities.ts'
import { errorResponses } from '../errors.ts'

const config = { access: 'signed-in' } as const
const tags = ['models']

export function modelRoutes(app: App, services: Services): void {
  app.get(
    '/v1/models',
    {
      config,
      schema: {
        tags,
        operationId: 'listModels',
        summary: 'Models that can be asked for; the first is the default',
        response: { 200: z.object({ object: z.literal('list'), data: z.array(modelObject) }), ...errorResponses },
      },
    },
    async () => ({ object: 'list' as const, data: await modelObjectsOf(services) }),
  )
  app.get(
    '/v1/models/:model',
    {
      config,
      schema: {
        tags,
        operationId: 'getModel',
        summary: 'One model',
        params: z.object({ model: z.string().min(1).max(100).describe('its name; a slash in it is written %2F') }),
        response: { 200: modelObject, ...errorResponses },
      },
    },
    async ({ params: { model } }) => {
      const found = (await modelObjectsOf(services)).find(({ id }) => id === model)
      if (!found)
        throw new ServerError(`there is no model ${JSON.stringify(model)}`, { status: 404, code: 'model_not_found', param: 'model' })
      return found
    },
  )
  app.get(
    '/v1/capabilities',
    {
      config,
      schema: {
        tags,
        operationId: 'getCapabilities',
        summary: 'Fields with ranges and defaults, schedulers, limits, quotas and the queue: what a form is drawn from',
        response: { 200: capabilities, ...errorResponses },
      },
    },
    async (request) => capabilitiesOf(services, identityOf(request)),
  )
}
