// Whose a session or an API key is. Remembered for a few seconds, since polls and watchers ask hundreds of times a
// second, and forgotten at once when something of its user changes, here or in another process (news.ts). What is
// remembered as unknown is as cheap. Concurrent questions are one query.

import { and, eq, gt, isNull, or, sql } from 'drizzle-orm'
import type { Database } from '../db/open.ts'
import { apiKeys, sessions, users } from '../db/schema.ts'
import type { Scope } from '../db/values.ts'
import { sha256 } from '../ids.ts'
import type { Identity } from './identity.ts'

const REMEMBERED_MS = 5000
const MOST_REMEMBERED = 10_000
const KEY_USE_SECONDS = 60

export interface Credentials {
  ofSession(token: string): Promise<Identity | undefined>
  ofKey(key: string): Promise<Identity | undefined>
  /** What is known of this user's sessions and keys is asked anew. */
  forget(userId: string): void
}

interface Found {
  readonly identity: Identity
  /** Until it expires. */
  readonly seconds: number | null
}

interface Remembered {
  readonly answer: Promise<Identity | undefined>
  /** Milliseconds, of Date.now(). */
  until: number
  /** Unset while it is asked, and for what is unknown: those are forgotten with any user. */
  userId?: string
}

export function createCredentials(db: Database): Credentials {
  const memory = new Map<string, Remembered>()

  function ask(hash: string, find: (db: Database, hash: string) => Promise<Found | undefined>): Promise<Identity | undefined> {
    const known = memory.get(hash)
    if (known && known.until > Date.now()) return known.answer
    memory.delete(hash)
    const found = find(db, hash)
    const entry: Remembered = { answer: found.then((result) => result?.identity), until: Date.now() + REMEMBERED_MS }
    memory.set(hash, entry)
    if (memory.size > MOST_REMEMBERED) memory.delete(memory.keys().next().value!)
    found.then(
      (result) => {
        if (!result) return
        entry.userId = result.identity.userId
        if (result.seconds !== null) entry.until = Math.min(entry.until, Date.now() + result.seconds * 1000)
      },
      () => memory.get(hash) === entry && memory.delete(hash),
    )
    return entry.answer
  }

  return {
    ofSession: (token) => ask(sha256(token), findSession),
    ofKey: (key) => ask(sha256(key), findKey),
    forget(userId) {
      for (const [hash, entry] of memory) if (entry.userId === undefined || entry.userId === userId) memory.delete(hash)
    },
  }
}

/** Of `auth none`: everyone who can reach the service. */
export const LOCAL_USER = 'local'
export const LOCAL: Identity = { userId: LOCAL_USER, name: LOCAL_USER, role: 'admin', via: 'none', scopes: scopesOf('admin') }

function scopesOf(role: 'admin' | 'user'): ReadonlySet<Scope> {
  return new Set<Scope>(role === 'admin' ? ['videos:read', 'videos:write', 'admin'] : ['videos:read', 'videos:write'])
}

async function findSession(db: Database, tokenHash: string): Promise<Found | undefined> {
  const { expiresAt } = sessions
  const [row] = await db
    .select({ id: users.id, name: users.name, role: users.role, seconds: secondsUntil(expiresAt) })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .where(and(eq(sessions.tokenHash, tokenHash), gt(expiresAt, sql`now()`), isNull(users.disabledAt)))
  if (!row) return undefined
  const { id: userId, name, role, seconds } = row
  return { identity: { userId, name, role, via: 'session', scopes: scopesOf(role) }, seconds }
}

/** An administrator's key without the scope `admin` is a user's: it sees no one else's videos. */
async function findKey(db: Database, keyHash: string): Promise<Found | undefined> {
  const { expiresAt, usedAt } = apiKeys
  const [row] = await db
    .select({ key: apiKeys.id, scopes: apiKeys.scopes, id: users.id, name: users.name, role: users.role, seconds: secondsUntil(expiresAt) })
    .from(apiKeys)
    .innerJoin(users, eq(users.id, apiKeys.userId))
    .where(
      and(
        eq(apiKeys.keyHash, keyHash),
        isNull(apiKeys.revokedAt),
        or(isNull(expiresAt), gt(expiresAt, sql`now()`)),
        isNull(users.disabledAt),
      ),
    )
  if (!row) return undefined
  const longAgo = or(isNull(usedAt), sql`${usedAt} < now() - make_interval(secs => ${KEY_USE_SECONDS})`)
  await db
    .update(apiKeys)
    .set({ usedAt: sql`now()` })
    .where(and(eq(apiKeys.id, row.key), longAgo))
  const allowed = scopesOf(row.role)
  const scopes = new Set(row.scopes.filter((scope) => allowed.has(scope)))
  const role = scopes.has('admin') ? 'admin' : 'user'
  return { identity: { userId: row.id, name: row.name, role, via: 'key', scopes }, seconds: row.seconds }
}

function secondsUntil(time: typeof sessions.expiresAt | typeof apiKeys.expiresAt) {
  return sql<number | null>`extract(epoch from ${time} - now())::float8`
}
