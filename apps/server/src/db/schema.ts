// The tables of the service, for PGlite and PostgreSQL alike; migrations/ is made from them by drizzle-kit. A video's
// row is also its job: the queue (queue/) is queries over it, so that a job and its video can never disagree.

import { sql } from 'drizzle-orm'
import {
  bigint,
  bigserial,
  boolean,
  customType,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
} from 'drizzle-orm/pg-core'
import type { JobProgress, ModelDescription, PreviewMap, Quota, Scope, StoredFile, VideoRequest } from './values.ts'

const at = (name: string) => timestamp(name, { withTimezone: true, precision: 3 })
const bytes = customType<{ data: Uint8Array }>({ dataType: () => 'bytea' })

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
    /** Since then the user's waiting jobs are not taken: "stop after the current one". */
    pausedAt: at('paused_at'),
    /** What differs from the service's own quota. */
    quota: jsonb().$type<Partial<Quota>>().notNull().default({}),
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
    status: text({ enum: ['queued', 'in_progress', 'completed', 'failed', 'cancelled'] })
      .notNull()
      .default('queued'),
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
    progress: jsonb().$type<JobProgress>(),
    /** Frames x pixels x steps, which quotas count. */
    work: bigint({ mode: 'number' }).notNull().default(0),
    errorCode: text('error_code'),
    errorMessage: text('error_message'),
    remixedFrom: text('remixed_from'),
    starred: boolean().notNull().default(false),
    /** Since then it lies in the trash: shown to nobody, restored by its owner or soon removed. */
    trashedAt: at('trashed_at'),
    /** What the user should know of the result: text that was cut off, a prompt that is not English. */
    warnings: text().array().notNull().default(sql`'{}'::text[]`),
    /** By variant: video, thumbnail, spritesheet. */
    files: jsonb().$type<Readonly<Record<string, StoredFile>>>().notNull().default({}),
  },
  (table) => [
    index('videos_queued').on(table.priority, table.position).where(sql`${table.status} = 'queued'`),
    index('videos_running').on(table.workerId).where(sql`${table.status} = 'in_progress'`),
    index('videos_of_user').on(table.userId, table.createdAt, table.id),
    index('videos_starred').on(table.userId, table.createdAt, table.id).where(sql`${table.starred}`),
    index('videos_trashed').on(table.trashedAt).where(sql`${table.trashedAt} is not null`),
    // How fast a model is, of its last videos (videos/speed.ts).
    index('videos_ended').on(table.model, table.completedAt).where(sql`${table.status} = 'completed'`),
    // Which rows name a key of the storage (retention/held.ts).
    index('videos_keys').using('gin', sql`jsonb_path_query_array(${table.files}, '$.*.key')`),
    index('videos_input').on(sql`(${table.request} ->> 'input')`).where(sql`${table.request} ? 'input'`),
  ],
)

export const workers = pgTable('workers', {
  id: text().primaryKey(),
  /** For people: host and process. */
  name: text().notNull(),
  device: text().notNull(),
  /** Names of models that it can run. */
  models: text().array().notNull(),
  /** Of the machine, or of its device. */
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

/** What users asked for within the last day, for their quotas: it stays when the video is removed. */
export const usage = pgTable(
  'usage',
  {
    videoId: text('video_id').primaryKey(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    at: at('at').notNull().defaultNow(),
    /** Frames x pixels x steps. */
    work: bigint({ mode: 'number' }).notNull(),
  },
  (table) => [index('usage_of_user').on(table.userId, table.at)],
)

/** What has been announced by workers: a model stays known while its worker restarts. */
export const models = pgTable('models', {
  name: text().primaryKey(),
  description: jsonb().$type<ModelDescription>().notNull(),
  /** Latents to colours, once a worker has seen both. */
  previewMap: jsonb('preview_map').$type<PreviewMap>(),
  announcedAt: at('announced_at').notNull().defaultNow(),
})

/** The picture of a video that is being made. Apart from the video's row, which is read far more often. */
export const previews = pgTable('previews', {
  videoId: text('video_id')
    .primaryKey()
    .references(() => videos.id, { onDelete: 'cascade' }),
  step: integer().notNull(),
  jpeg: bytes().notNull(),
})

/** Of browsers. The cookie holds a random token, the row its SHA-256. */
export const sessions = pgTable(
  'sessions',
  {
    tokenHash: text('token_hash').primaryKey(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    createdAt: at('created_at').notNull().defaultNow(),
    expiresAt: at('expires_at').notNull(),
    address: text().notNull(),
  },
  (table) => [index('sessions_of_user').on(table.userId)],
)

/** Of programs. Shown once; the row has the SHA-256 and the first characters, by which people tell them apart. */
export const apiKeys = pgTable(
  'api_keys',
  {
    id: text().primaryKey(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    name: text().notNull(),
    keyHash: text('key_hash').notNull().unique(),
    start: text().notNull(),
    scopes: text().array().$type<Scope[]>().notNull(),
    createdAt: at('created_at').notNull().defaultNow(),
    expiresAt: at('expires_at'),
    usedAt: at('used_at'),
    revokedAt: at('revoked_at'),
  },
  (table) => [index('api_keys_of_user').on(table.userId)],
)

/** Failed logins by account and by address; in the database, since several servers may share it. */
export const loginFailures = pgTable('login_failures', {
  /** `account:NAME` or `address:IP` */
  subject: text().primaryKey(),
  count: integer().notNull(),
  lastAt: at('last_at').notNull().defaultNow(),
})

/** Who did what to accounts and to other people's things; never prompts, passwords or keys. */
export const audit = pgTable(
  'audit',
  {
    id: bigserial({ mode: 'number' }).primaryKey(),
    at: at('at').notNull().defaultNow(),
    /** Null for nobody: a failed login. */
    userId: text('user_id'),
    action: text().notNull(),
    target: text(),
    address: text(),
    details: jsonb().$type<Readonly<Record<string, string | number | boolean | null>>>().notNull().default({}),
  },
  (table) => [index('audit_at').on(table.at)],
)

/** The few facts of a whole installation: the hash of the set-up link's token. */
export const facts = pgTable('facts', { name: text().primaryKey(), value: text().notNull() })
