// The set-up link's use: whoever has its token becomes the first administrator, once. How the link comes about:
// prepare.ts.

import { and, eq } from 'drizzle-orm'
import type { Config } from '../config/config.ts'
import type { Database } from '../db/open.ts'
import { facts } from '../db/schema.ts'
import { ServerError } from '../errors.ts'
import { sha256 } from '../ids.ts'
import { hashPassword } from './passwords.ts'
import { beginSession } from './sessions.ts'
import { addUser, type User } from './users.ts'

export const SETUP_FACT = 'setup_token'

export async function needsSetup(db: Database): Promise<boolean> {
  const rows = await db.select({ name: facts.name }).from(facts).where(eq(facts.name, SETUP_FACT))
  return rows.length > 0
}

export interface Setup {
  readonly token: string
  readonly name: string
  readonly password: string
  readonly address: string
}

/** The first administrator, logged in. Throws ServerError (403) when the token is not, or no longer, the link's. */
export async function setUp(
  db: Database,
  config: Config,
  { token, name, password, address }: Setup,
): Promise<{ user: User; token: string }> {
  const link = and(eq(facts.name, SETUP_FACT), eq(facts.value, sha256(token)))
  // Asked first, since a hash is work that nobody without the link should cause.
  const known = await db.select({ name: facts.name }).from(facts).where(link)
  if (known.length === 0) throw refusal()
  const passwordHash = await hashPassword(password)
  return db.transaction(async (tx) => {
    const used = await tx.delete(facts).where(link).returning({ name: facts.name })
    if (used.length === 0) throw refusal()
    const user = await addUser(tx, { userId: null, address }, { name, passwordHash, role: 'admin' })
    return { user, token: await beginSession(tx, config, user.id, address) }
  })
}

function refusal(): ServerError {
  return new ServerError('this set-up link is not good any more: it was used, or the service has started since and printed another one', {
    status: 403,
    code: 'setup_link_used',
  })
}
