// The tables of the service, for PGlite and PostgreSQL alike; migrations/ is made from them by drizzle-kit. A video's
// row is also its job: the queue (queue/) is queries over it, so that a job and its video can never disagree.

import { sql } from 'drizzle-orm'
import { bigint, boolean, doublePrecision, index, integer, jsonb, pgTable, primaryKey, text, timestamp, uniqueIndex } from 'drizzle-orm/pg-core'
import type { StoredFile, VideoRequest } from './values.ts'

const at = (name: string) => timestamp(name, { withTimezone: true, precision: 3 })

export const users = pgTable(
  'users',
  {
    id: text().primaryKey(),
    name: text().notNull(),
    /** argon2id, in its own encoding; null for one that only has keys. */
    passwordHash: text('password_hash'),
    role: text({ enum: ['admin', 'user'] }).notNull(),
    createdAt: at('created_at').notNull().defaultNow(),
    disabledAt: at('disabled_at'),
    /** When one of the user's jobs was last taken: who waited longest is next. */
    servedAt: at('served_at'),
  },
  (table) => [uniqueIndex('users_name').on(sql`lower(${table.name})`)],
)

export const videos = pgTable(
  'videos',
  {
    id: text().primaryKey(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    status: text({ enum: ['queued', 'in_progress', 'completed', 'failed', 'cancelled'] }).notNull().default('queued'),
    /** Names a model as workers announce it. */
    model: text().notNull(),
    /** Effective values: what is not in here is not sent to a worker. */
    request: jsonb().$type<VideoRequest>().notNull(),
    /** Higher ones first. */
    priority: integer().notNull().default(0),
    /** Among those of one user and priority, lower ones first; between two neighbours there is always room. */
    position: doublePrecision().notNull(),
    createdAt: at('created_at').notNull().defaultNow(),
    startedAt: at('started_at'),
    completedAt: at('completed_at'),
    /** After it the files are gone and the row says so. */
    expiresAt: at('expires_at'),
    /** How often a worker took it. With the worker's name it fences off one that was given up. */
    attempt: integer().notNull().default(0),
    workerId: text('worker_id'),
    cancelRequested: boolean('cancel_requested').notNull().default(false),
    progress: jsonb().$type<{ percent: number; phase: string; step: number; total: number; secondsLeft?: number }>(),
    errorCode: text('error_code'),
    errorMessage: text('error_message'),
    remixedFrom: text('remixed_from'),
    /** By variant: video, thumbnail, spritesheet. */
    files: jsonb().$type<Readonly<Record<string, StoredFile>>>().notNull().default({}),
  },
  (table) => [
    index('videos_queued').on(table.priority, table.position).where(sql`${table.status} = 'queued'`),
    index('videos_running').on(table.workerId).where(sql`${table.status} = 'in_progress'`),
    index('videos_of_user').on(table.userId, table.createdAt),
  ],
)

export const workers = pgTable('workers', {
  id: text().primaryKey(),
  /** For people: host and process. */
  name: text().notNull(),
  device: text().notNull(),
  models: text().array().notNull(),
  memoryBytes: bigint('memory_bytes', { mode: 'number' }),
  startedAt: at('started_at').notNull().defaultNow(),
  /** One that has not been heard of for a while is lost, and its jobs are free. */
  heardAt: at('heard_at').notNull().defaultNow(),
  draining: boolean().notNull().default(false),
})

export const idempotencyKeys = pgTable(
  'idempotency_keys',
  {
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    key: text().notNull(),
    /** SHA-256 of the request: the same key with another one is refused. */
    requestHash: text('request_hash').notNull(),
    videoId: text('video_id').notNull(),
    createdAt: at('created_at').notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.userId, table.key] })],
)
