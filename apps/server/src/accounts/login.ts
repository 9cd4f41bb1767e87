// Logging in and changing one's password: the two places where a password is compared. Both are slowed down alike, and
// answer alike, after the same work, whatever was wrong.

import { and, eq, isNull, sql } from 'drizzle-orm'
import type { Config } from '../config/config.ts'
import type { Database } from '../db/open.ts'
import { users } from '../db/schema.ts'
import { ServerError } from '../errors.ts'
import { audit } from './audit.ts'
import type { Identity } from './identity.ts'
import { hashPassword, isPassword } from './passwords.ts'
import { beginSession, endSessions } from './sessions.ts'
import { attemptSucceeded, beginAttempt } from './throttle.ts'
import type { User } from './users.ts'

export interface Login {
  readonly name: string
  readonly password: string
  readonly address: string
}

/** Throws ServerError: 401 for anything wrong with name, password or account, 429 after too many failures. */
export async function logIn(db: Database, config: Config, { name, password, address }: Login): Promise<{ user: User; token: string }> {
  const user = await checkedUser(db, name, password, address)
  const token = await db.transaction(async (tx) => {
    // Held, so that a session never outlives a change of the password or the end of the account.
    const same = and(eq(users.id, user.id), eq(users.passwordHash, user.passwordHash ?? ''), isNull(users.disabledAt))
    const held = await tx.select({ id: users.id }).from(users).where(same).for('share')
    if (held.length === 0) throw refusal()
    await audit(tx, { userId: user.id, action: 'login', address })
    return beginSession(tx, config, user.id, address)
  })
  return { user, token }
}

export interface PasswordChange {
  readonly current: string
  readonly next: string
  readonly address: string
  /** Of the session that stays. */
  readonly token: string
}

/** Ends the user's other sessions. Throws ServerError as `logIn` does. */
export async function changePassword(db: Database, { userId, name }: Identity, change: PasswordChange): Promise<void> {
  const { current, next, address, token } = change
  const { passwordHash: before } = await checkedUser(db, name, current, address)
  const passwordHash = await hashPassword(next)
  await db.transaction(async (tx) => {
    const same = and(eq(users.id, userId), eq(users.passwordHash, before ?? ''))
    const changed = await tx.update(users).set({ passwordHash }).where(same).returning({ id: users.id })
    if (changed.length === 0) throw refusal()
    await endSessions(tx, userId, token)
    await audit(tx, { userId, action: 'password_changed', address })
  })
}

async function checkedUser(db: Database, name: string, password: string, address: string): Promise<User> {
  await beginAttempt(db, name, address)
  const [user] = await db
    .select()
    .from(users)
    .where(eq(sql`lower(${users.name})`, sql`lower(${name})`))
  const right = await isPassword(password, user?.passwordHash)
  if (user && right && !user.disabledAt) {
    await attemptSucceeded(db, name, address)
    return user
  }
  await audit(db, { userId: null, action: 'login_failed', address, ...(user && { target: user.id }) })
  throw refusal()
}

function refusal(): ServerError {
  return new ServerError('the name or the password is wrong, or the account is disabled', { status: 401, code: 'wrong_login' })
}
