// A user's queue as a whole: what is in it, and "stop after the current one".

import { and, eq, isNull, type SQL, sql } from 'drizzle-orm'
import { z } from 'zod'
import { identityOf } from '../../accounts/access.ts'
import type { App } from '../../app-type.ts'
import type { Database } from '../../db/open.ts'
import { users, videos } from '../../db/schema.ts'
import { announce } from '../../queue/channel.ts'
import type { Services } from '../../services.ts'
import { showVideo } from '../../watch/shown.ts'
import { videoObject } from '../../watch/video-object.ts'
import { errorResponses } from '../errors.ts'

const MOST_SHOWN = 100

/** Not what lies in the trash, which a worker may still be about to end. */
const isOpen = and(sql`${videos.status} in ('queued', 'in_progress')`, isNull(videos.trashedAt))

export const queueObject = z.object({
  object: z.literal('queue'),
  paused: z.boolean().describe('what waits is not begun'),
  running: z.int().describe('videos of this user'),
  waiting: z.int(),
  waiting_of_all: z.int(),
  limit: z.int().describe('how many may wait, of all users'),
  data: z.array(videoObject).describe(`what runs, then what waits in its order; the first ${MOST_SHOWN}`),
})

export function pauseRoutes(app: App, services: Services): void {
  const schemaOf = (operationId: string, summary: string) =>
    ({ operationId, tags: ['queue'], summary, response: { 200: queueObject, ...errorResponses } }) as const

  app.get(
    '/v1/queue',
    { config: { access: 'videos:read' }, schema: schemaOf('getQueue', 'What of yours runs and waits') },
    async (request) => queueOf(services, identityOf(request).userId),
  )

  app.post(
    '/v1/queue/pause',
    { config: { access: 'videos:write' }, schema: schemaOf('pauseQueue', 'Lets the current video end and begins no further one') },
    async (request) => {
      const { userId } = identityOf(request)
      await setPaused(services, userId, sql`coalesce(${users.pausedAt}, now())`)
      return queueOf(services, userId)
    },
  )

  app.post(
    '/v1/queue/resume',
    { config: { access: 'videos:write' }, schema: schemaOf('resumeQueue', 'Goes on with what waits') },
    async (request) => {
      const { userId } = identityOf(request)
      await setPaused(services, userId, null)
      return queueOf(services, userId)
    },
  )
}

/** Workers look for jobs anew, and places in the queue are counted anew. */
async function setPaused({ db, hub }: Services, userId: string, pausedAt: SQL | null): Promise<void> {
  await db.update(users).set({ pausedAt }).where(eq(users.id, userId))
  await announce(db, '')
  hub.changed('')
}

async function queueOf({ db, hub, config }: Services, userId: string): Promise<z.infer<typeof queueObject>> {
  const jobs = await db
    .select()
    .from(videos)
    .where(and(eq(videos.userId, userId), isOpen))
    .orderBy(sql`${videos.status} = 'queued'`, sql`${videos.priority} desc`, videos.position)
    .limit(MOST_SHOWN)
  return {
    object: 'queue',
    ...(await countsOf(db, userId)),
    limit: config.limits.queued,
    data: await Promise.all(jobs.map((job) => showVideo(hub, job))),
  }
}

async function countsOf(db: Database, userId: string) {
  const number = (condition: SQL) => sql<number>`count(*) filter (where ${condition})::int`
  const isOwn = eq(videos.userId, userId)
  const [counts] = await db
    .select({
      running: number(sql`${videos.status} = 'in_progress' and ${isOwn}`),
      waiting: number(sql`${videos.status} = 'queued' and ${isOwn}`),
      waiting_of_all: number(sql`${videos.status} = 'queued'`),
      paused: sql<boolean>`exists (select from ${users} where ${users.id} = ${userId} and ${users.pausedAt} is not null)`,
    })
    .from(videos)
    .where(isOpen)
  return counts!
}
