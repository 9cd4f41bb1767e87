// The API keys of all users, for administrators: which there are, and ending one at once. Making one is its owner's: keys.ts.

import { z } from 'zod'
import { identityOf } from '../../accounts/access.ts'
import { listAllKeys, revokeKey } from '../../accounts/keys.ts'
import type { App } from '../../app-type.ts'
import type { Services } from '../../services.ts'
import { keyDeleted, keyObject, keyParams, toKeyObject } from '../account-objects.ts'
import { errorResponses } from '../errors.ts'

const MOST_KEYS = 1000

const tags = ['admin']
const config = { access: 'admin' } as const

export const adminKeyObject = keyObject.extend({ user: z.object({ id: z.string(), name: z.string() }) })

export function adminKeyRoutes(app: App, { db }: Pick<Services, 'db'>): void {
  app.get(
    '/v1/admin/keys',
    {
      config,
      schema: {
        tags,
        operationId: 'listAllKeys',
        summary: `API keys of all users, the last used first; at most ${MOST_KEYS}`,
        response: { 200: z.object({ object: z.literal('list'), data: z.array(adminKeyObject) }), ...errorResponses },
      },
    },
    async () => {
      const keys = await listAllKeys(db, MOST_KEYS)
      return { object: 'list' as const, data: keys.map(({ key, user }) => ({ ...toKeyObject(key), user })) }
    },
  )

  app.delete(
    '/v1/admin/keys/:id',
    {
      config,
      schema: {
        tags,
        operationId: 'revokeAnyKey',
        summary: 'Revoke an API key of any user, at once',
        params: keyParams,
        response: { 200: keyDeleted, ...errorResponses },
      },
    },
    async (request) => {
      const { id } = request.params
      const actor = { userId: identityOf(request).userId, address: request.ip }
      app.credentials.forget(await revokeKey(db, actor, id, undefined))
      return { id, object: 'api_key.deleted' as const, deleted: true as const }
    },
  )
}
