// Sessions of browsers: who am I, log in, log out, and the set-up link's first administrator.

import type { FastifyReply } from 'fastify'
import { z } from 'zod'
import { identityOf } from '../../accounts/access.ts'
import { audit } from '../../accounts/audit.ts'
import { csrfToken } from '../../accounts/csrf.ts'
import { logIn } from '../../accounts/login.ts'
import { anyPassword, newPassword, userName } from '../../accounts/names.ts'
import { endSession, noSessionCookie, sessionCookie, sessionToken } from '../../accounts/sessions.ts'
import { needsSetup, setUp } from '../../accounts/setup.ts'
import type { User } from '../../accounts/users.ts'
import type { App } from '../../app-type.ts'
import type { Config } from '../../config/config.ts'
import type { Services } from '../../services.ts'
import { accountObject, role, toAccountObject } from '../account-objects.ts'
import { errorResponses } from '../errors.ts'

const csrf = z.string().describe('for the header x-csrf-token of every change')

const loggedIn = z.object({ object: z.literal('session'), user: z.object({ id: z.string(), name: z.string(), role }), csrf_token: csrf })

export const session = z.object({
  object: z.literal('session'),
  user: accountObject.nullable().describe('null for nobody'),
  csrf_token: csrf.nullable().describe('of a session only'),
  setup_required: z.boolean().describe('there is no administrator yet: use the link that the service printed'),
})

const schema = { tags: ['account'] }

export function sessionRoutes(app: App, services: Pick<Services, 'config' | 'db'>): void {
  readRoute(app, services)
  logInRoute(app, services)
  logOutRoute(app, services)
  setUpRoute(app, services)
}

function readRoute(app: App, { db }: Pick<Services, 'db'>): void {
  app.get(
    '/v1/session',
    {
      config: { access: 'public' },
      schema: { ...schema, operationId: 'getSession', summary: 'Who asks', response: { 200: session, ...errorResponses } },
    },
    async (request, reply) => {
      const { identity } = request
      const token = identity?.via === 'session' ? sessionToken(request) : undefined
      reply.header('cache-control', 'no-store')
      return {
        object: 'session' as const,
        user: identity && toAccountObject(identity),
        csrf_token: token === undefined ? null : csrfToken(token),
        setup_required: identity === null && (await needsSetup(db)),
      }
    },
  )
}

function logInRoute(app: App, { config, db }: Pick<Services, 'config' | 'db'>): void {
  app.post(
    '/v1/session',
    {
      config: { access: 'public' },
      schema: {
        ...schema,
        operationId: 'logIn',
        summary: 'Log in; the answer sets the session cookie',
        body: z.strictObject({ name: userName, password: anyPassword }),
        response: { 201: loggedIn, ...errorResponses },
      },
    },
    async (request, reply) => {
      const { user, token } = await logIn(db, config, { ...request.body, address: request.ip })
      const before = sessionToken(request)
      const userBefore = before === undefined ? undefined : await endSession(db, before)
      if (userBefore !== undefined) app.credentials.forget(userBefore)
      return loggedInWith(reply, config, user, token)
    },
  )
}

function logOutRoute(app: App, { config, db }: Pick<Services, 'config' | 'db'>): void {
  app.delete(
    '/v1/session',
    {
      config: { access: 'signed-in' },
      schema: {
        ...schema,
        operationId: 'logOut',
        summary: 'Log out',
        response: { 200: z.object({ object: z.literal('session.deleted'), deleted: z.boolean() }), ...errorResponses },
      },
    },
    async (request, reply) => {
      const { userId, via } = identityOf(request)
      const token = via === 'session' ? sessionToken(request) : undefined
      if (token !== undefined) {
        await endSession(db, token)
        await audit(db, { userId, action: 'logout', address: request.ip })
        app.credentials.forget(userId)
      }
      reply.header('set-cookie', noSessionCookie(config))
      return { object: 'session.deleted' as const, deleted: token !== undefined }
    },
  )
}

function setUpRoute(app: App, { config, db }: Pick<Services, 'config' | 'db'>): void {
  app.post(
    '/v1/setup',
    {
      config: { access: 'public' },
      schema: {
        ...schema,
        operationId: 'setUp',
        summary: 'Make the first administrator, with the token of the set-up link, and log in',
        body: z.strictObject({ token: z.string().min(1).max(100), name: userName, password: newPassword }),
        response: { 201: loggedIn, ...errorResponses },
      },
    },
    async (request, reply) => {
      const { user, token } = await setUp(db, config, { ...request.body, address: request.ip })
      return loggedInWith(reply, config, user, token)
    },
  )
}

function loggedInWith(reply: FastifyReply, config: Config, { id, name, role }: User, token: string) {
  reply.status(201).header('set-cookie', sessionCookie(config, token)).header('cache-control', 'no-store')
  return { object: 'session' as const, user: { id, name, role }, csrf_token: csrfToken(token) }
}
