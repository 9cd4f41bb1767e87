// Users, for administrators.

import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { identityOf } from '../../accounts/access.ts'
import type { Actor } from '../../accounts/audit.ts'
import { newPassword, userName } from '../../accounts/names.ts'
import { hashPassword } from '../../accounts/passwords.ts'
import { addUser, changeUser, findUser, listUsers, removeUser } from '../../accounts/users.ts'
import type { App } from '../../app-type.ts'
import type { Services } from '../../services.ts'
import { quotaObject, role, toQuota, toUserObject, userObject } from '../account-objects.ts'
import { errorResponses } from '../errors.ts'

const params = z.object({ id: z.string().max(100) })
const tags = ['admin']
const config = { access: 'admin' } as const

const newUser = z.strictObject({ name: userName, password: newPassword, role: role.default('user'), quota: quotaObject.default({}) })

const userChanges = z.strictObject({
  role: role.optional(),
  disabled: z.boolean().optional().describe('ends the sessions and keys of the user'),
  password: newPassword.optional().describe('ends the sessions of the user'),
  quota: quotaObject.optional().describe("replaces all that differs from the service's own"),
})

const userList = z.object({ object: z.literal('list'), data: z.array(userObject), has_more: z.boolean(), last_id: z.string().nullable() })

export function adminUserRoutes(app: App, { db }: Pick<Services, 'db'>): void {
  app.get(
    '/v1/admin/users',
    {
      config,
      schema: {
        tags,
        operationId: 'listUsers',
        summary: 'All users, by name',
        querystring: z.object({ limit: z.coerce.number().int().min(1).max(1000).default(100), after: z.string().max(100).optional() }),
        response: { 200: userList, ...errorResponses },
      },
    },
    async ({ query: { limit, after } }) => {
      const found = await listUsers(db, limit + 1, after)
      const data = found.slice(0, limit).map(toUserObject)
      return { object: 'list' as const, data, has_more: found.length > limit, last_id: data.at(-1)?.id ?? null }
    },
  )

  app.post(
    '/v1/admin/users',
    {
      config,
      schema: { tags, operationId: 'createUser', summary: 'Make a user', body: newUser, response: { 201: userObject, ...errorResponses } },
    },
    async (request, reply) => {
      const { name, password, role, quota } = request.body
      const passwordHash = await hashPassword(password)
      const user = await db.transaction((tx) => addUser(tx, actorOf(request), { name, passwordHash, role, quota: toQuota(quota) }))
      reply.status(201)
      return toUserObject(user)
    },
  )

  app.get(
    '/v1/admin/users/:id',
    { config, schema: { tags, operationId: 'getUser', summary: 'A user', params, response: { 200: userObject, ...errorResponses } } },
    async (request) => toUserObject(await findUser(db, request.params.id)),
  )

  app.patch(
    '/v1/admin/users/:id',
    {
      config,
      schema: {
        tags,
        operationId: 'changeUser',
        summary: 'Change role, quota or password of a user, disable or enable them',
        params,
        body: userChanges,
        response: { 200: userObject, ...errorResponses },
      },
    },
    async (request) => {
      const { quota, ...changes } = request.body
      const user = await changeUser(db, actorOf(request), request.params.id, { ...changes, quota: quota && toQuota(quota) })
      app.credentials.forget(user.id)
      return toUserObject(user)
    },
  )

  app.delete(
    '/v1/admin/users/:id',
    {
      config,
      schema: {
        tags,
        operationId: 'deleteUser',
        summary: 'Remove a user with all videos',
        params,
        response: { 200: z.object({ id: z.string(), object: z.literal('user.deleted'), deleted: z.literal(true) }), ...errorResponses },
      },
    },
    async (request) => {
      const { id } = request.params
      await removeUser(db, actorOf(request), id)
      app.credentials.forget(id)
      return { id, object: 'user.deleted' as const, deleted: true as const }
    },
  )
}

function actorOf(request: FastifyRequest): Actor {
  return { userId: identityOf(request).userId, address: request.ip }
}
