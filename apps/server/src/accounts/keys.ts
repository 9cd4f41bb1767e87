// API keys of programs: shown once, stored as SHA-256, with the scopes that they may use. A revoked key's row stays for
// a while, since the audit log names it.

import { and, asc, desc, eq, isNull, sql } from 'drizzle-orm'
import type { Database } from '../db/open.ts'
import { apiKeys, users } from '../db/schema.ts'
import type { Scope } from '../db/values.ts'
import { ServerError } from '../errors.ts'
import { newId, newSecret, sha256 } from '../ids.ts'
import { type Actor, audit } from './audit.ts'
import type { Identity } from './identity.ts'
import { announceAccount } from './news.ts'

export type ApiKey = typeof apiKeys.$inferSelect

const PREFIX = 'kinora_'
const SHOWN = PREFIX.length + 6
const MOST_KEYS = 100

export interface NewKey {
  readonly name: string
  readonly scopes: readonly Scope[]
  readonly expiresAt: Date | null
}

/** Throws ServerError: 403 for a scope that the user has not, 409 when there are too many. `key` is known to nobody afterwards. */
export async function addKey(db: Database, identity: Identity, address: string, wish: NewKey): Promise<{ row: ApiKey; key: string }> {
  const { userId } = identity
  const refused = wish.scopes.find((scope) => !identity.scopes.has(scope))
  if (refused !== undefined)
    throw new ServerError(`only an administrator's key can have the scope ${refused}`, {
      status: 403,
      code: 'not_administrator',
      param: 'scopes',
    })
  const key = PREFIX + newSecret()
  const row = await db.transaction(async (tx) => {
    // Held, so that disabling the user comes before or after, and keys are counted one after the other.
    const [user] = await tx.select({ disabledAt: users.disabledAt }).from(users).where(eq(users.id, userId)).for('update')
    if (!user || user.disabledAt) throw new ServerError('this account is disabled', { status: 401, code: 'account_disabled' })
    if ((await listKeys(tx, userId)).length >= MOST_KEYS)
      throw new ServerError(`an account has at most ${MOST_KEYS} keys: revoke one first`, { status: 409, code: 'too_many_keys' })
    const { name, scopes, expiresAt } = wish
    const values = {
      id: newId('key'),
      userId,
      name,
      keyHash: sha256(key),
      start: key.slice(0, SHOWN),
      scopes: [...new Set(scopes)],
      expiresAt,
    }
    const [added] = await tx.insert(apiKeys).values(values).returning()
    await audit(tx, { userId, address, action: 'key_created', target: values.id, details: { scopes: values.scopes.join(' ') } })
    return added!
  })
  return { row, key }
}

/** Those that can be used or have expired, oldest first. */
export function listKeys(db: Database, userId: string): Promise<ApiKey[]> {
  const own = and(eq(apiKeys.userId, userId), isNull(apiKeys.revokedAt))
  return db.select().from(apiKeys).where(own).orderBy(asc(apiKeys.createdAt), asc(apiKeys.id))
}

export interface OwnedKey {
  readonly key: ApiKey
  readonly user: { readonly id: string; readonly name: string }
}

/** As listKeys, of all users: what was used last is first. */
export function listAllKeys(db: Database, most: number): Promise<OwnedKey[]> {
  return db
    .select({ key: apiKeys, user: { id: users.id, name: users.name } })
    .from(apiKeys)
    .innerJoin(users, eq(users.id, apiKeys.userId))
    .where(isNull(apiKeys.revokedAt))
    .orderBy(sql`${apiKeys.usedAt} desc nulls last`, desc(apiKeys.createdAt), apiKeys.id)
    .limit(most)
}

/** A key of this user, or (`undefined`) of anyone; answers whose it was. Throws ServerError (404) when there is no such key. */
export function revokeKey(db: Database, actor: Actor, id: string, ownerId: string | undefined): Promise<string> {
  return db.transaction(async (tx) => {
    const ofOwner = ownerId === undefined ? undefined : eq(apiKeys.userId, ownerId)
    const [revoked] = await tx
      .update(apiKeys)
      .set({ revokedAt: sql`now()` })
      .where(and(eq(apiKeys.id, id), ofOwner, isNull(apiKeys.revokedAt)))
      .returning({ userId: apiKeys.userId })
    if (!revoked) throw new ServerError('there is no such key', { status: 404, code: 'key_not_found' })
    const { userId } = revoked
    await announceAccount(tx, userId)
    await audit(tx, { ...actor, action: 'key_revoked', target: id, ...(userId !== actor.userId && { details: { user: userId } }) })
    return userId
  })
}
