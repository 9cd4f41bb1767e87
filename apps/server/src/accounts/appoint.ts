// An administrator by name and password, as whoever runs the machine decides: at the service's first start (prepare.ts), or by
// the command `kinora admin`. Not here: what administrators do to users over HTTP (users.ts).

import { eq, sql } from 'drizzle-orm'
import type { z } from 'zod'
import type { Database } from '../db/open.ts'
import { facts, users } from '../db/schema.ts'
import { ServerError } from '../errors.ts'
import { audit } from './audit.ts'
import { newPassword, userName } from './names.ts'
import { hashPassword } from './passwords.ts'
import { endSessions } from './sessions.ts'
import { SETUP_FACT } from './setup.ts'
import { forgetFailures } from './throttle.ts'
import { addUser, withAdministrator } from './users.ts'

export interface Administrator {
  readonly name: string
  readonly password: string
}

/** As they are kept. Throws ServerError when name or password cannot be one. */
export function checkAdministrator({ name, password }: Administrator): Administrator {
  return {
    name: checked(name, userName, 'the name of an administrator has 1 to 64 visible characters, and no space at its ends'),
    password: checked(password, newPassword, 'the password of an administrator has 8 to 256 characters'),
  }
}

/** Resolves to whether there was no user of that name. Throws as `checkAdministrator`. */
export async function appoint(db: Database, wanted: Administrator): Promise<{ made: boolean }> {
  const { name, password } = checkAdministrator(wanted)
  const passwordHash = await hashPassword(password)
  return withAdministrator(db, (tx) => appointHashed(tx, name, passwordHash))
}

/** Who has the name already becomes the administrator, and logs in anew. The set-up link ends. */
export async function appointHashed(tx: Database, name: string, passwordHash: string): Promise<{ made: boolean }> {
  const same = eq(sql`lower(${users.name})`, sql`lower(${name})`)
  const [user] = await tx.update(users).set({ role: 'admin', passwordHash, disabledAt: null }).where(same).returning({ id: users.id })
  if (user) {
    await endSessions(tx, user.id)
    const details = { role: 'admin', disabled: false, password: true }
    await audit(tx, { userId: null, action: 'user_changed', target: user.id, details })
  } else await addUser(tx, { userId: null }, { name, passwordHash, role: 'admin' })
  await forgetFailures(tx, name)
  await tx.delete(facts).where(eq(facts.name, SETUP_FACT))
  return { made: !user }
}

function checked(value: string, schema: z.ZodType<string>, sentence: string): string {
  const { data } = schema.safeParse(value)
  if (data !== undefined) return data
  throw new ServerError(sentence, { status: 400, code: 'invalid_administrator' })
}
