// Users as administrators handle them. Every change is one transaction: with it sessions and keys end where they must,
// it is written to the audit log, and an installation never loses its last administrator, whoever changes what at once.

import { and, asc, count, eq, inArray, isNotNull, isNull, sql } from 'drizzle-orm'
import type { Database } from '../db/open.ts'
import { apiKeys, users, videos } from '../db/schema.ts'
import type { Quota } from '../db/values.ts'
import { ServerError } from '../errors.ts'
import { newId } from '../ids.ts'
import { announce } from '../queue/channel.ts'
import { type Actor, audit } from './audit.ts'
import { announceAccount } from './news.ts'
import { hashPassword } from './passwords.ts'
import { endSessions } from './sessions.ts'

export type User = typeof users.$inferSelect
type Role = User['role']

export interface UserChanges {
  readonly role?: Role | undefined
  readonly disabled?: boolean | undefined
  readonly password?: string | undefined
  /** All of the user's own bounds: what it leaves out is the service's. */
  readonly quota?: Partial<Quota> | undefined
}

export interface NewUser {
  readonly name: string
  readonly passwordHash: string
  readonly role: Role
  readonly quota?: Partial<Quota> | undefined
}

/** Throws ServerError (409) when the name is taken. */
export async function addUser(tx: Database, actor: Actor, { name, passwordHash, role, quota = {} }: NewUser): Promise<User> {
  const [user] = await tx
    .insert(users)
    .values({ id: newId('user'), name, passwordHash, role, quota })
    .onConflictDoNothing()
    .returning()
  if (!user) throw new ServerError('this name is taken', { status: 409, code: 'name_taken', param: 'name' })
  await audit(tx, { ...actor, userId: actor.userId ?? user.id, action: 'user_created', target: user.id, details: { role } })
  return user
}

/** Throws ServerError: 404 when there is no such user, 409 when no administrator would be left. */
export async function changeUser(db: Database, actor: Actor, id: string, changes: UserChanges): Promise<User> {
  const { password, disabled, role, quota } = changes
  const passwordHash = password === undefined ? undefined : await hashPassword(password)
  const set = { role, quota, passwordHash, disabledAt: disabled === undefined ? undefined : disabled ? sql`now()` : null }
  return withAdministrator(db, async (tx) => {
    const before = await findUser(tx, id)
    const changed = Object.values(set).some((value) => value !== undefined)
    const [user] = changed ? await tx.update(users).set(set).where(eq(users.id, id)).returning() : [before]
    if (disabled || passwordHash !== undefined) await endSessions(tx, id)
    if (disabled) await revokeKeys(tx, id)
    await announceAccount(tx, id)
    const details = { ...(role && { role }), ...(disabled !== undefined && { disabled }), ...(quota && { quota: JSON.stringify(quota) }) }
    await audit(tx, { ...actor, action: 'user_changed', target: id, details: { ...details, ...(passwordHash && { password: true }) } })
    return user!
  })
}

/** With all that is the user's: the bytes of the videos are nobody's then, and go with the next pass of retention. */
export function removeUser(db: Database, actor: Actor, id: string): Promise<void> {
  return withAdministrator(db, async (tx) => {
    await findUser(tx, id)
    const open = inArray(videos.status, ['queued', 'in_progress'])
    const jobs = await tx
      .select({ id: videos.id })
      .from(videos)
      .where(and(eq(videos.userId, id), open))
    await tx.delete(users).where(eq(users.id, id))
    for (const job of jobs) await announce(tx, job.id)
    await announceAccount(tx, id)
    await audit(tx, { ...actor, action: 'user_removed', target: id })
  })
}

/** Throws ServerError (404) when there is none. */
export async function findUser(db: Database, id: string): Promise<User> {
  const [user] = await db.select().from(users).where(eq(users.id, id))
  if (!user) throw new ServerError('there is no such user', { status: 404, code: 'user_not_found' })
  return user
}

/** By name; those behind the user `after`. */
export function listUsers(db: Database, limit: number, after?: string): Promise<User[]> {
  const place = sql`(lower(${users.name}), ${users.id})`
  const behind = after === undefined ? undefined : sql`${place} > (select lower(u.name), u.id from ${users} as u where u.id = ${after})`
  return db
    .select()
    .from(users)
    .where(behind)
    .orderBy(asc(sql`lower(${users.name})`), asc(users.id))
    .limit(limit)
}

/** Administrators who can log in. */
export async function administrators(db: Database): Promise<number> {
  const able = and(eq(users.role, 'admin'), isNull(users.disabledAt), isNotNull(users.passwordHash))
  const [row] = await db.select({ count: count() }).from(users).where(able)
  return row!.count
}

/** Changes of who is an administrator go one after the other; one that leaves none is undone. */
export function withAdministrator<T>(db: Database, change: (tx: Database) => Promise<T>): Promise<T> {
  return db.transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(hashtext('kinora_administrators'))`)
    const before = await administrators(tx)
    const result = await change(tx)
    if (before > 0 && (await administrators(tx)) === 0)
      throw new ServerError('this is the last administrator: make another one first', { status: 409, code: 'last_administrator' })
    return result
  })
}

async function revokeKeys(tx: Database, userId: string): Promise<void> {
  const open = and(eq(apiKeys.userId, userId), isNull(apiKeys.revokedAt))
  await tx.update(apiKeys).set({ revokedAt: sql`now()` }).where(open)
}
