// One's own API keys. Only a session makes and ends them: a key that got into wrong hands must not make itself another.

import { z } from 'zod'
import { sessionOf } from '../../accounts/access.ts'
import { addKey, listKeys, revokeKey } from '../../accounts/keys.ts'
import { userName } from '../../accounts/names.ts'
import type { App } from '../../app-type.ts'
import { ServerError } from '../../errors.ts'
import type { Services } from '../../services.ts'
import { keyDeleted, keyObject, keyParams, scope, toKeyObject } from '../account-objects.ts'
import { errorResponses } from '../errors.ts'

const YEAR_9999 = 253_370_764_800

const newKey = z.strictObject({
  name: userName.describe('what people tell it by'),
  scopes: z.array(scope).min(1).max(3).default(['videos:read', 'videos:write']),
  expires_at: z.int().min(0).max(YEAR_9999).nullable().default(null).describe('seconds since 1970; null for never'),
})

export function keysRoutes(app: App, { db }: Pick<Services, 'db'>): void {
  const access = 'signed-in'
  const tags = ['account']

  app.get(
    '/v1/keys',
    {
      config: { access },
      schema: {
        tags,
        operationId: 'listKeys',
        summary: 'The own API keys',
        response: { 200: z.object({ object: z.literal('list'), data: z.array(keyObject) }), ...errorResponses },
      },
    },
    async (request) => ({ object: 'list' as const, data: (await listKeys(db, sessionOf(request).userId)).map(toKeyObject) }),
  )

  app.post(
    '/v1/keys',
    {
      config: { access },
      schema: {
        tags,
        operationId: 'createKey',
        summary: 'Make an API key; the answer alone shows it',
        body: newKey,
        response: { 201: keyObject.extend({ key: z.string().describe('shown once') }), ...errorResponses },
      },
    },
    async (request, reply) => {
      const { name, scopes, expires_at: expires } = request.body
      const expiresAt = expires === null ? null : new Date(expires * 1000)
      if (expiresAt && expiresAt.getTime() <= Date.now())
        throw new ServerError('expires_at lies in the past', { status: 400, code: 'invalid_value', param: 'expires_at' })
      const { row, key } = await addKey(db, sessionOf(request), request.ip, { name, scopes, expiresAt })
      reply.status(201).header('cache-control', 'no-store')
      return { ...toKeyObject(row), key }
    },
  )

  app.delete(
    '/v1/keys/:id',
    {
      config: { access },
      schema: {
        tags,
        operationId: 'revokeKey',
        summary: 'Revoke an API key, at once',
        params: keyParams,
        response: { 200: keyDeleted, ...errorResponses },
      },
    },
    async (request) => {
      const { userId } = sessionOf(request)
      const { id } = request.params
      app.credentials.forget(await revokeKey(db, { userId, address: request.ip }, id, userId))
      return { id, object: 'api_key.deleted' as const, deleted: true as const }
    },
  )
}
