// `kinora admin`: the one thing about accounts that is done without the service. On PostgreSQL the service may run
// meanwhile, and hears of the change; an embedded database belongs to one process, so that its service has to be stopped.

import { type Administrator, appoint, checkAdministrator } from './accounts/appoint.ts'
import type { Config } from './config/config.ts'
import { openDatabase } from './db/open.ts'

/** Resolves to whether the user is new: one of that name becomes the administrator. Rejects with ServerError; then nothing has changed. */
export async function admin(config: Config, wanted: Administrator): Promise<{ made: boolean }> {
  checkAdministrator(wanted) // before a database is made
  const database = await openDatabase({ url: config.databaseUrl ?? undefined, folder: config.data })
  try {
    return await appoint(database.db, wanted)
  } finally {
    await database.close()
  }
}
