// The HTTP edge: a Fastify application with every route, and what holds for all of them: request ids, the error
// envelope, security headers, rate limits, validation, the log. It does not listen; serve.ts does.

import fastify, { type FastifyBaseLogger, LogController } from 'fastify'
import { serializerCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod'
import type { z } from 'zod'
import { authentication } from '../accounts/authenticate.ts'
import type { App } from '../app-type.ts'
import type { ServerError } from '../errors.ts'
import { newId } from '../ids.ts'
import type { Services } from '../services.ts'
import { redirectBasePath, withoutBasePath } from './base-path.ts'
import { acceptForms } from './body.ts'
import { answerClientError } from './client-error.ts'
import { docsRoutes } from './docs.ts'
import { answerError, invalidValue } from './errors.ts'
import { limitRate, sendSecurityHeaders } from './guards.ts'
import { LOG_SERIALIZERS, logRequests } from './logging.ts'
import { describeOperations } from './operations.ts'
import { accountRoutes } from './routes/account.ts'
import { adminRoutes } from './routes/admin.ts'
import { contentRoutes } from './routes/content.ts'
import { createRoutes } from './routes/create.ts'
import { eventRoutes } from './routes/events.ts'
import { healthRoutes } from './routes/health.ts'
import { keysRoutes } from './routes/keys.ts'
import { markRoutes } from './routes/marks.ts'
import { metricsRoutes } from './routes/metrics.ts'
import { modelRoutes } from './routes/models.ts'
import { promptRoutes } from './routes/prompts.ts'
import { queueRoutes } from './routes/queue.ts'
import { readRoutes } from './routes/read.ts'
import { sessionRoutes } from './routes/session.ts'
import { checkTexts } from './text.ts'
import { answerNotFound, webRoutes } from './web.ts'
import { WEB_FOLDER } from './web-page.ts'

const BODY_BYTES = 2 ** 20
/** What trickles in for longer is cut off, uploads included. */
const REQUEST_MS = 30 * 60_000

/** In the order of the document. */
const ROUTES: readonly ((app: App, services: Services) => void)[] = [
  createRoutes,
  readRoutes,
  contentRoutes,
  eventRoutes,
  queueRoutes,
  markRoutes,
  modelRoutes,
  promptRoutes,
  sessionRoutes,
  accountRoutes,
  keysRoutes,
  adminRoutes,
  healthRoutes,
  metricsRoutes,
]

/** Every route, ready to listen or to be injected. `webFolder`: the built web application. */
export async function buildApp(services: Services, webFolder = WEB_FOLDER): Promise<App> {
  const { config } = services
  const log: FastifyBaseLogger = services.log
  const app = fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'request' }),
    childLoggerFactory: (logger, bindings, options) => logger.child(bindings, { ...options, serializers: LOG_SERIALIZERS }),
    genReqId: () => newId('req'),
    frameworkErrors: (error, request, reply) => void answerError(error, request, reply),
    clientErrorHandler: (error, socket) => answerClientError(error, socket, log),
    bodyLimit: BODY_BYTES,
    requestTimeout: REQUEST_MS,
    trustProxy: (_address, hop) => hop < config.trustProxy,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 200 },
    rewriteUrl: withoutBasePath(config),
  }).withTypeProvider<ZodTypeProvider>()
  handleRequests(app, webFolder)
  sendSecurityHeaders(app, config)
  redirectBasePath(app, config)
  authentication(app, services)
  await limitRate(app, config)
  await acceptForms(app, config)
  await describeOperations(app)
  for (const addRoutes of ROUTES) addRoutes(app, services)
  docsRoutes(app)
  webRoutes(app, webFolder)
  await app.ready()
  return app
}

function handleRequests(app: App, webFolder: string): void {
  app.setValidatorCompiler<z.ZodType>(({ schema }) => (value) => {
    try {
      checkTexts(value)
    } catch (error) {
      return { error: error as ServerError }
    }
    const { data, error } = schema.safeParse(value)
    return error ? { error: invalidValue(error) } : { value: data }
  })
  app.setSerializerCompiler(serializerCompiler)
  app.setErrorHandler(answerError)
  app.setNotFoundHandler((request, reply) => answerNotFound(request, reply, webFolder))
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id)
  })
  logRequests(app)
}
