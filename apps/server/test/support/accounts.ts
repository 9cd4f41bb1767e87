// Accounts over HTTP without the rest of the service: an application with their routes and one route for each kind of
// access, on PGlite, and on PostgreSQL as well where it is installed, since there requests truly run at the same time.

import { eq } from 'drizzle-orm'
import fastify, { type InjectOptions, type LightMyRequestResponse } from 'fastify'
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod'
import { expect } from 'vitest'
import type { Access } from '../../src/accounts/access.ts'
import { authentication, stillSignedIn } from '../../src/accounts/authenticate.ts'
import { hashPassword } from '../../src/accounts/passwords.ts'
import { addUser } from '../../src/accounts/users.ts'
import type { App } from '../../src/app-type.ts'
import { type Config, configSchema } from '../../src/config/config.ts'
import type { OpenDatabase } from '../../src/db/open.ts'
import { audit, facts, loginFailures, users, workers } from '../../src/db/schema.ts'
import { answerError } from '../../src/http/errors.ts'
import { accountRoutes } from '../../src/http/routes/account.ts'
import { adminRoutes } from '../../src/http/routes/admin.ts'
import { keysRoutes } from '../../src/http/routes/keys.ts'
import { sessionRoutes } from '../../src/http/routes/session.ts'
import { openDatabases } from './databases.ts'

export const PASSWORD = 'correct horse battery'

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
/** One who asks: each request carries their cookie or key. */
type Send = (method: Method, url: string, body?: object, headers?: Record<string, string>) => Promise<LightMyRequestResponse>

export type Accounts = Awaited<ReturnType<typeof openAccounts>>

/** By the name of the database, with what closes all of them. */
export async function accountsEverywhere(): Promise<{ places: [string, Accounts][]; close: () => Promise<void> }> {
  const databases = await openDatabases('accounts')
  const places = await Promise.all(
    databases.places.map(async ([name, database]): Promise<[string, Accounts]> => [name, await openAccounts(database)]),
  )
  return {
    places,
    close: async () => {
      for (const [, accounts] of places) await accounts.close()
      await databases.close()
    },
  }
}

async function openAccounts(database: OpenDatabase) {
  const { db } = database
  const passwordHash = await hashPassword(PASSWORD)
  const apps: App[] = []

  /** Another process on the same database, as far as its memory goes. */
  async function build(settings: Config): Promise<App> {
    const app = await buildAccountsApp(database, settings)
    apps.push(app)
    return app
  }
  const app = await build(configOf())

  const sender =
    (own: Record<string, string>, to = app): Send =>
    (method, url, body, headers = {}) => {
      const options: InjectOptions = { method, url, headers: { ...own, ...headers } }
      return to.inject(body ? { ...options, payload: body } : options)
    }

  async function logIn(name: string, password = PASSWORD, address = '10.0.0.1'): Promise<Send & { cookie: string; csrf: string }> {
    const answer = await sender({ 'x-forwarded-for': address })('POST', '/v1/session', { name, password })
    expect(answer.statusCode, answer.body).toBe(201)
    const cookie = String(answer.headers['set-cookie']).split(';')[0]!
    const csrf = answer.json<{ csrf_token: string }>().csrf_token
    return Object.assign(sender({ cookie, 'x-csrf-token': csrf }), { cookie, csrf })
  }

  async function makeKey(send: Send, scopes: string[], more: object = {}): Promise<Send & { id: string; key: string }> {
    const answer = await send('POST', '/v1/keys', { name: 'test', scopes, ...more })
    expect(answer.statusCode, answer.body).toBe(201)
    const { key, id } = answer.json<{ key: string; id: string }>()
    return Object.assign(sender({ authorization: `Bearer ${key}` }), { id, key })
  }

  return {
    ...database,
    app,
    passwordHash,
    build,
    sender,
    nobody: sender({}),
    logIn,
    makeKey,
    idOf: async (name: string) => (await db.select().from(users).where(eq(users.name, name)))[0]!.id,
    /** What was written to the audit log, in order. */
    actions: async () => (await db.select().from(audit).orderBy(audit.id)).map(({ action }) => action),
    /** An administrator, root, and the users ann and bob. */
    reset: async () => {
      for (const table of [users, audit, loginFailures, facts, workers]) await db.delete(table)
      for (const name of ['root', 'ann', 'bob'])
        await addUser(db, { userId: null }, { name, passwordHash, role: name === 'root' ? 'admin' : 'user' })
    },
    close: async () => {
      for (const each of apps) await each.close()
      await database.close()
    },
  }
}

export function configOf(settings: Record<string, unknown> = {}): Config {
  return configSchema.parse(settings)
}

/** Status and the error's code. */
export function outcome(response: LightMyRequestResponse): [number, string | undefined] {
  return [response.statusCode, response.json<{ error?: { code: string } }>().error?.code]
}

async function buildAccountsApp(database: OpenDatabase, config: Config): Promise<App> {
  const app: App = fastify({ trustProxy: true, logger: { level: 'error' } }).withTypeProvider<ZodTypeProvider>()
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  app.setErrorHandler(answerError)
  const services = { config, ...database }
  authentication(app, services)
  for (const routes of [sessionRoutes, accountRoutes, keysRoutes, adminRoutes]) routes(app, services)
  for (const access of ['public', 'signed-in', 'videos:read', 'videos:write', 'admin'] satisfies Access[])
    app.route({
      method: ['GET', 'POST'],
      url: `/try/${access.replace(':', '::')}`,
      config: { access },
      handler: async (request) => {
        const { name, role } = request.identity ?? { name: null, role: null }
        return { name, role, still: await stillSignedIn(request) }
      },
    })
  await app.ready()
  return app
}
