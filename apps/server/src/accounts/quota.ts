// What a user may ask for: the service's own bounds, and what an administrator set for this user instead.

import { eq } from 'drizzle-orm'
import type { Config } from '../config/config.ts'
import type { Database } from '../db/open.ts'
import { users } from '../db/schema.ts'
import type { Quota } from '../db/values.ts'

export async function quotaOf(db: Database, { quota }: Pick<Config, 'quota'>, userId: string): Promise<Quota> {
  const [row] = await db.select({ quota: users.quota }).from(users).where(eq(users.id, userId))
  return { ...quota, ...row?.quota }
}
