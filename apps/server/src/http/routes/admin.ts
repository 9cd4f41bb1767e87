// What administrators see of the installation: the audit log, the workers, what videos take. Users: admin-users.ts, keys: admin-keys.ts.

import { and, count, desc, eq, lt, sql } from 'drizzle-orm'
import { z } from 'zod'
import type { App } from '../../app-type.ts'
import { audit, users, videos, workers } from '../../db/schema.ts'
import type { Services } from '../../services.ts'
import { seconds } from '../account-objects.ts'
import { errorResponses } from '../errors.ts'
import { adminKeyRoutes } from './admin-keys.ts'
import { adminUserRoutes } from './admin-users.ts'

const tags = ['admin']
const config = { access: 'admin' } as const

const auditQuery = z.object({
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  before: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER).optional().describe('an entry: older ones are answered'),
  user: z.string().max(100).optional(),
  action: z.string().max(100).optional(),
})

export const auditEntry = z.object({
  id: z.int(),
  at: z.int(),
  user: z.string().nullable().describe('null for nobody'),
  action: z.string(),
  target: z.string().nullable(),
  address: z.string().nullable(),
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
})

export const workerObject = z.object({
  id: z.string(),
  object: z.literal('worker'),
  name: z.string(),
  device: z.string(),
  models: z.array(z.string()),
  memory_bytes: z.int().nullable(),
  started_at: z.int(),
  heard_at: z.int(),
  draining: z.boolean(),
  alive: z.boolean(),
  running: z.int().describe('videos that it makes at the moment'),
})

const usage = z.object({
  videos: z.int(),
  completed: z.int(),
  bytes: z.number().describe('as the videos count them: what two of them share is stored once'),
})

export const storageObject = usage.extend({
  object: z.literal('storage'),
  users: z.array(usage.extend({ id: z.string(), name: z.string() })).describe('who takes most is first; at most 1000'),
})

export function adminRoutes(app: App, services: Pick<Services, 'config' | 'db'>): void {
  adminUserRoutes(app, services)
  adminKeyRoutes(app, services)
  auditRoute(app, services)
  workersRoute(app, services)
  storageRoute(app, services)
}

function auditRoute(app: App, { db }: Pick<Services, 'db'>): void {
  const list = z.object({ object: z.literal('list'), data: z.array(auditEntry), has_more: z.boolean() })
  app.get(
    '/v1/admin/audit',
    {
      config,
      schema: {
        tags,
        operationId: 'listAudit',
        summary: 'Who did what, newest first',
        querystring: auditQuery,
        response: { 200: list, ...errorResponses },
      },
    },
    async ({ query: { limit, before, user, action } }) => {
      const wanted = and(
        before === undefined ? undefined : lt(audit.id, before),
        user === undefined ? undefined : eq(audit.userId, user),
        action === undefined ? undefined : eq(audit.action, action),
      )
      const rows = await db
        .select()
        .from(audit)
        .where(wanted)
        .orderBy(desc(audit.id))
        .limit(limit + 1)
      const data = rows.slice(0, limit).map(({ userId, at, ...entry }) => ({ ...entry, at: seconds(at), user: userId }))
      return { object: 'list' as const, data, has_more: rows.length > limit }
    },
  )
}

function workersRoute(app: App, { db, config: { lostAfterSeconds } }: Pick<Services, 'config' | 'db'>): void {
  const list = z.object({ object: z.literal('list'), data: z.array(workerObject) })
  app.get(
    '/v1/admin/workers',
    {
      config,
      schema: { tags, operationId: 'listWorkers', summary: 'The machines that make videos', response: { 200: list, ...errorResponses } },
    },
    async () => {
      const running = db.$count(videos, and(eq(videos.workerId, workers.id), eq(videos.status, 'in_progress')))
      const alive = sql<boolean>`${workers.heardAt} > now() - make_interval(secs => ${lostAfterSeconds})`
      const rows = await db.select({ worker: workers, running, alive }).from(workers).orderBy(workers.startedAt, workers.id)
      const data = rows.map(({ worker: { memoryBytes, startedAt, heardAt, ...worker }, ...state }) => ({
        ...worker,
        ...state,
        object: 'worker' as const,
        memory_bytes: memoryBytes,
        started_at: seconds(startedAt),
        heard_at: seconds(heardAt),
      }))
      return { object: 'list' as const, data }
    },
  )
}

function storageRoute(app: App, { db }: Pick<Services, 'db'>): void {
  const ofRow = sql`(select coalesce(sum((file.value ->> 'bytes')::bigint), 0) from jsonb_each(${videos.files}) as file)`
  const figures = {
    videos: count(videos.id),
    completed: sql<number>`(count(${videos.id}) filter (where ${videos.status} = 'completed'))::int`,
    bytes: sql<number>`coalesce(sum(${ofRow}), 0)::float8`,
  }
  app.get(
    '/v1/admin/storage',
    {
      config,
      schema: {
        tags,
        operationId: 'getStorage',
        summary: 'What videos take, by user',
        response: { 200: storageObject, ...errorResponses },
      },
    },
    async () => {
      const [[total], byUser] = await Promise.all([
        db.select(figures).from(videos),
        db
          .select({ id: users.id, name: users.name, ...figures })
          .from(users)
          .innerJoin(videos, eq(videos.userId, users.id))
          .groupBy(users.id, users.name)
          .orderBy(desc(figures.bytes), users.id)
          .limit(1000),
      ])
      return { object: 'storage' as const, ...total!, users: byUser }
    },
  )
}
