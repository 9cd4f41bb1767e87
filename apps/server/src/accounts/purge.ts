// What accounts leave behind, removed when it is of no more use. Called by a timer; safe from many processes at once.

import { lt, sql } from 'drizzle-orm'
import type { Database } from '../db/open.ts'
import { apiKeys, audit, loginFailures, sessions } from '../db/schema.ts'
import { FORGET_HOURS } from './throttle.ts'

const AUDIT_DAYS = 365
const REVOKED_KEY_DAYS = 30

export async function purgeAccounts(db: Database): Promise<void> {
  await db.delete(sessions).where(lt(sessions.expiresAt, sql`now()`))
  await db.delete(loginFailures).where(lt(loginFailures.lastAt, sql`now() - make_interval(hours => ${FORGET_HOURS})`))
  await db.delete(apiKeys).where(lt(apiKeys.revokedAt, sql`now() - make_interval(days => ${REVOKED_KEY_DAYS})`))
  await db.delete(audit).where(lt(audit.at, sql`now() - make_interval(days => ${AUDIT_DAYS})`))
}
