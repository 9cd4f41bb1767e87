// For whatever looks after the service: does its process live, and can it serve.

import { z } from 'zod'
import type { App } from '../../app-type.ts'
import { ServerError } from '../../errors.ts'
import type { Services } from '../../services.ts'
import { errorEnvelope, errorResponses } from '../errors.ts'
import { createReadiness } from '../readiness.ts'

export function healthRoutes(app: App, services: Services): void {
  app.get(
    '/health',
    {
      config: { access: 'public', uncounted: true },
      schema: {
        operationId: 'getHealth',
        tags: ['operation'],
        summary: 'Whether the process lives',
        response: { 200: z.object({ status: z.literal('ok') }), ...errorResponses },
      },
    },
    () => ({ status: 'ok' as const }),
  )
  const readiness = createReadiness(services)
  app.get(
    '/ready',
    {
      config: { access: 'public', uncounted: true },
      schema: {
        operationId: 'getReadiness',
        tags: ['operation'],
        summary: 'Whether videos can be asked for and made',
        description: 'The database answers, the storage takes files, and a worker was heard of lately.',
        response: {
          200: z.object({ status: z.literal('ready') }),
          ...errorResponses,
          503: errorEnvelope.describe('Something is missing; the message says what.'),
        },
      },
    },
    async () => {
      const missing = await readiness()
      if (missing.length > 0) throw new ServerError(missing.join('; '), { status: 503, code: 'not_ready', retryAfter: 5 })
      return { status: 'ready' as const }
    },
  )
}
