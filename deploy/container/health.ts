// What the image's HEALTHCHECK and the probes of a cluster run: does the service, or the worker, of this container live? Ends with 0
// when it does or when nobody can tell, with 1 when it does not. A database that does not answer is no fault of a worker: ending one for
// that would end its job, too.

import { readFileSync } from 'node:fs'
import os from 'node:os'
import { loadConfig } from '@kinora/server/config'
import pg from 'pg'

const PATIENCE_MS = 5000

const config = loadConfig({ env: process.env })
const checks: Readonly<Record<string, () => Promise<string | undefined>>> = { serve: missingService, worker: missingWorker }
const role = process.argv[2] ?? roleOf(readFileSync('/proc/1/cmdline', 'utf8').split('\0'))
const missing = await checks[role]?.()
if (missing !== undefined) {
  process.stderr.write(`${missing}\n`)
  process.exitCode = 1
}

/** Of the container's first process; empty for a command that ends by itself. */
function roleOf(words: readonly string[]): string {
  return words.find((word) => word in checks) ?? ''
}

async function missingService(): Promise<string | undefined> {
  const url = `http://127.0.0.1:${config.port}/health`
  try {
    const { ok, status } = await fetch(url, { signal: AbortSignal.timeout(PATIENCE_MS) })
    return ok ? undefined : `${url} answers ${status}`
  } catch (error) {
    return `${url} does not answer: ${error instanceof Error ? error.message : String(error)}`
  }
}

/** A worker listens at no port, and tells the database that it lives under the name of its host and process. */
async function missingWorker(): Promise<string | undefined> {
  if (config.databaseUrl === null) return undefined
  const client = new pg.Client({ connectionString: config.databaseUrl, connectionTimeoutMillis: PATIENCE_MS, query_timeout: PATIENCE_MS })
  try {
    await client.connect()
    const { rowCount } = await client.query(
      "select from workers where starts_with(name, $1 || ' ') and heard_at > now() - make_interval(secs => $2)",
      [os.hostname(), config.lostAfterSeconds],
    )
    return rowCount === 0 ? `no worker of ${os.hostname()} was heard of in the last ${config.lostAfterSeconds} s` : undefined
  } catch (error) {
    process.stderr.write(`the database does not answer, so nobody can tell: ${error instanceof Error ? error.message : String(error)}\n`)
    return undefined
  } finally {
    await client.end().catch(() => {})
  }
}
