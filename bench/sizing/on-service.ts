// Runs a crowd through the service's queue on a database of its own, and what comes of it in figures.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestPostgres } from '../../apps/server/test/support/postgres.ts'
import type { Overrides } from '../../apps/server/test/support/service.ts'
import type { Request } from './demand.ts'
import { openServiceQueue } from './service-queue.ts'
import { type Run, type Shop, simulate } from './simulate.ts'

/** More than ever wait, so that the cap decides nothing. */
export const NO_CAP: Overrides = { limits: { queued: 100_000 } }

export async function onService(postgres: TestPostgres, settings: Overrides, requests: readonly Request[], shop: Shop): Promise<Run> {
  const folder = mkdtempSync(join(tmpdir(), 'kinora-sizing-'))
  const queue = await openServiceQueue({ url: await postgres.createDatabase(), folder, settings })
  try {
    return await simulate(requests, queue.scheduler, shop)
  } finally {
    await queue.close()
    rmSync(folder, { recursive: true, force: true })
  }
}
