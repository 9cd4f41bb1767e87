// Who can log in at all, made sure of at each start: the administrator that the settings name, or a set-up link for
// whoever reads the service's output. The database has only the hash of the link's token; each start without an
// administrator makes a new one.

import { eq } from 'drizzle-orm'
import type { Config } from '../config/config.ts'
import type { Database } from '../db/open.ts'
import { facts, users } from '../db/schema.ts'
import { ServerError } from '../errors.ts'
import { newId, newSecret, sha256 } from '../ids.ts'
import type { Services } from '../services.ts'
import { appointHashed } from './appoint.ts'
import { LOCAL_USER } from './credentials.ts'
import { newPassword, userName } from './names.ts'
import { hashPassword } from './passwords.ts'
import { SETUP_FACT } from './setup.ts'
import { administrators, withAdministrator } from './users.ts'

/** To be called once at each start. Throws ServerError when the settings' administrator cannot be made. */
export async function prepareAccounts({ config, db }: Pick<Services, 'config' | 'db'>): Promise<{ setupLink?: string }> {
  if (config.auth === 'none') {
    await addLocalUser(db)
    return {}
  }
  const wanted = administratorOf(config)
  const passwordHash = wanted && (await administrators(db)) === 0 ? await hashPassword(wanted.password) : undefined
  return withAdministrator(db, async (tx) => {
    const none = (await administrators(tx)) === 0
    if (none && !wanted) return { setupLink: `${baseUrl(config)}/setup#${await newSetupToken(tx)}` }
    if (none && wanted) await appointHashed(tx, wanted.name, passwordHash ?? (await hashPassword(wanted.password)))
    await tx.delete(facts).where(eq(facts.name, SETUP_FACT))
    return {}
  })
}

async function newSetupToken(tx: Database): Promise<string> {
  const token = newSecret()
  const value = sha256(token)
  await tx.insert(facts).values({ name: SETUP_FACT, value }).onConflictDoUpdate({ target: facts.name, set: { value } })
  return token
}

function administratorOf({ adminUser, adminPassword }: Config): { name: string; password: string } | undefined {
  if (adminUser === null && adminPassword === null) return undefined
  const [name, password] = [userName.safeParse(adminUser), newPassword.safeParse(adminPassword)]
  if (name.success && password.success) return { name: name.data, password: password.data }
  throw new ServerError('the administrator needs both adminUser, 1 to 64 visible characters, and adminPassword, 8 to 256 characters', {
    status: 500,
    code: 'invalid_administrator',
  })
}

/** Once. The second name is for an installation where somebody else has the first. */
async function addLocalUser(db: Database): Promise<void> {
  for (const name of [LOCAL_USER, newId('user')])
    await db.insert(users).values({ id: LOCAL_USER, name, role: 'admin' }).onConflictDoNothing()
}

function baseUrl({ publicUrl, host, port }: Config): string {
  if (publicUrl !== null) return publicUrl.replace(/\/+$/, '')
  const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host.includes(':') ? `[${host}]` : host
  return `http://${name}:${port}`
}
