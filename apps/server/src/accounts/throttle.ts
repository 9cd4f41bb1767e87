// Slows down who guesses passwords: an account's and an address's first failures are free, then each doubles the time
// until the next attempt. Counted in the database, since several servers may share it, and before the password is looked
// at, so that attempts made at the same moment count as well. An account that does not exist is slowed down like any.

import { isIPv6 } from 'node:net'
import { eq, sql } from 'drizzle-orm'
import type { Database } from '../db/open.ts'
import { loginFailures } from '../db/schema.ts'
import { ServerError } from '../errors.ts'

interface Pace {
  /** Failures without any delay. */
  readonly free: number
  /** Most seconds between two attempts. */
  readonly longest: number
}

/** Many people may share an address; an account is one person's, who must not be kept out for long by others. */
const ACCOUNT: Pace = { free: 5, longest: 300 }
const ADDRESS: Pace = { free: 20, longest: 900 }

/** Failures are forgotten when so long nothing happened. */
export const FORGET_HOURS = 12

/** Counts an attempt as failed until `attemptSucceeded`. Throws ServerError (429) when it comes too soon, and counts nothing then. */
export async function beginAttempt(db: Database, name: string, address: string): Promise<void> {
  await db.transaction(async (tx) => {
    // Always in this order, so that no two transactions wait for each other.
    await count(tx, accountSubject(name), ACCOUNT)
    await count(tx, addressSubject(address), ADDRESS)
  })
}

/** The account's failures are forgotten; the address only gets this attempt back, or an own account would make up for guesses at others. */
export async function attemptSucceeded(db: Database, name: string, address: string): Promise<void> {
  await forgetFailures(db, name)
  await db
    .update(loginFailures)
    .set({ count: sql`greatest(${loginFailures.count} - 1, 0)` })
    .where(eq(loginFailures.subject, addressSubject(address)))
}

/** Of the account: who has a new password begins anew. */
export async function forgetFailures(db: Database, name: string): Promise<void> {
  await db.delete(loginFailures).where(eq(loginFailures.subject, accountSubject(name)))
}

async function count(tx: Database, subject: string, pace: Pace): Promise<void> {
  const { count: failures, lastAt } = loginFailures
  const delay = sql`case when ${failures} < ${pace.free} then 0 else least(${pace.longest}, power(2, least(${failures} - ${pace.free}, 30))) end`
  const allowedAt = sql`${lastAt} + make_interval(secs => ${delay})`
  const [counted] = await tx
    .insert(loginFailures)
    .values({ subject, count: 1 })
    .onConflictDoUpdate({
      target: loginFailures.subject,
      set: {
        count: sql`case when ${lastAt} < now() - make_interval(hours => ${FORGET_HOURS}) then 1 else ${failures} + 1 end`,
        lastAt: sql`clock_timestamp()`,
      },
      setWhere: sql`${allowedAt} <= clock_timestamp()`,
    })
    .returning({ count: failures })
  if (counted) return
  const [row] = await tx
    .select({ seconds: sql<number>`extract(epoch from ${allowedAt} - clock_timestamp())::float8` })
    .from(loginFailures)
    .where(eq(loginFailures.subject, subject))
  const retryAfter = Math.max(1, Math.ceil(row?.seconds ?? 1))
  throw new ServerError(`too many failed attempts: try again in ${retryAfter} s`, { status: 429, code: 'too_many_attempts', retryAfter })
}

function accountSubject(name: string): string {
  return `account:${name.normalize('NFC').toLowerCase()}`
}

/** Of IPv6 the first 64 bits: whoever has one address there has all of them. */
export function addressSubject(address: string): string {
  const plain = address.replace(/%.*$/, '').replace(/^::ffff:(?=[\d.]+$)/i, '')
  if (!isIPv6(plain)) return `address:${plain}`
  const [head = '', tail] = new URL(`http://[${plain}]`).hostname.slice(1, -1).split('::')
  const groups = (part: string) => (part === '' ? [] : part.split(':'))
  const [first, last] = [groups(head), groups(tail ?? '')]
  const all = [...first, ...Array<string>(8 - first.length - last.length).fill('0'), ...last]
  return `address:${all.slice(0, 4).join(':')}::/64`
}
