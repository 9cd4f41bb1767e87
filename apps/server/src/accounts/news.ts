// News of accounts between processes that share the database: whoever remembers a user's sessions and keys
// (credentials.ts) forgets them. The news may be lost: what is remembered is old after seconds anyway.

import { sql } from 'drizzle-orm'
import type { Database } from '../db/open.ts'

export const ACCOUNTS_CHANNEL = 'kinora_accounts'

/** In the transaction of the change, so that it is heard when the change holds. */
export async function announceAccount(tx: Pick<Database, 'execute'>, userId: string): Promise<void> {
  await tx.execute(sql`select pg_notify(${ACCOUNTS_CHANNEL}, ${userId})`)
}
