// `/metrics`, for Prometheus: what the service is asked, how long it takes, and what its queue does. For administrators,
// and for a collector on this machine, which needs no key.

import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { App } from '../../app-type.ts'
import { ServerError } from '../../errors.ts'
import type { Services } from '../../services.ts'
import { errorResponses } from '../errors.ts'
import { describeRequest, whenAnswered } from '../logging.ts'
import { createMetrics } from '../metrics.ts'

export function metricsRoutes(app: App, services: Services): void {
  const metrics = createMetrics(services)
  whenAnswered(app, (request, { status, ms }) => metrics.answered({ ...describeRequest(request), status: String(status) }, ms / 1000))
  app.addHook('onClose', () => metrics.registry.clear())
  app.get(
    '/metrics',
    {
      config: { access: 'public', uncounted: true },
      schema: {
        operationId: 'getMetrics',
        tags: ['operation'],
        summary: 'Figures for Prometheus',
        description: 'For an administrator’s key with the scope `admin`, and without a key from the same machine.',
        response: {
          200: { description: 'Prometheus’ text format.', content: { 'text/plain': { schema: z.string() } } },
          ...errorResponses,
        },
      },
    },
    async (request, reply) => {
      if (!mayRead(request)) throw new ServerError('metrics are for administrators', { status: 403, code: 'not_administrator' })
      return reply.type(metrics.registry.contentType).send(await metrics.registry.metrics())
    },
  )
}

/** A proxy on this machine makes everyone look local, but says so in a header. */
function mayRead({ identity, headers, ip }: FastifyRequest): boolean {
  if (identity) return identity.scopes.has('admin')
  const proxied = headers['x-forwarded-for'] !== undefined || headers.forwarded !== undefined || headers.via !== undefined
  return !proxied && /^(::ffff:)?127\.|^::1$/.test(ip)
}
