// The tables of a backup, as JSON lines that PostgreSQL itself writes and reads: every type keeps its value, from PGlite to PostgreSQL
// and back. Left out is what means nothing elsewhere or later.

import { sql } from 'drizzle-orm'
import { getTableConfig, type PgTable } from 'drizzle-orm/pg-core'
import { z } from 'zod'
import type { Database } from '../db/open.ts'
import {
  apiKeys,
  audit,
  facts,
  idempotencyKeys,
  loginFailures,
  models,
  previews,
  sessions,
  usage,
  users,
  videos,
  workers,
} from '../db/schema.ts'
import { badBackup, type TableEntry } from './manifest.ts'

/** Those that others refer to come first. */
export const BACKED_UP: readonly PgTable[] = [users, models, videos, idempotencyKeys, usage, apiKeys, audit, facts]
/** Who is logged in, who works, what is on its way. */
export const LEFT_OUT: readonly PgTable[] = [sessions, workers, previews, loginFailures]

const ROWS_AT_ONCE = 500

export function nameOf(table: PgTable): string {
  return getTableConfig(table).name
}

export function columnsOf(table: PgTable): string[] {
  return getTableConfig(table).columns.map(({ name }) => name)
}

/** Its rows as lines, some at a time. */
export async function* dumpTable(tx: Database, table: PgTable): AsyncGenerator<string[]> {
  await tx.execute(sql`declare kinora_backup no scroll cursor for select row_to_json(r)::text as line from ${table} as r`)
  for (;;) {
    const { rows } = fetched.parse(await tx.execute(sql.raw(`fetch ${ROWS_AT_ONCE} from kinora_backup`)))
    if (rows.length === 0) break
    yield rows.map(({ line }) => line)
  }
  await tx.execute(sql`close kinora_backup`)
}

const fetched = z.object({ rows: z.array(z.object({ line: z.string() })) })

/** `lines` of a table that has at least these columns. */
export async function loadTable(tx: Database, table: PgTable, columns: readonly string[], lines: AsyncIterable<string>): Promise<void> {
  const names = sql.join(
    columns.map((name) => sql.identifier(name)),
    sql`, `,
  )
  const insert = (rows: readonly string[]) =>
    tx.execute(
      sql`insert into ${table} (${names}) select ${names} from json_populate_recordset(null::${table}, ${`[${rows.join(',')}]`}::json)`,
    )
  let rows: string[] = []
  for await (const line of lines) {
    rows.push(line)
    if (rows.length < ROWS_AT_ONCE) continue
    await insert(rows)
    rows = []
  }
  if (rows.length > 0) await insert(rows)
}

/** The tables here that the backup's are, with its columns. Throws ServerError (`bad_backup`) for what is not known here. */
export function matchTables(entries: readonly TableEntry[]): { table: PgTable; entry: TableEntry }[] {
  for (const { name, columns } of entries) {
    const table = BACKED_UP.find((each) => nameOf(each) === name)
    const known = table ? new Set(columnsOf(table)) : undefined
    const unknown = known ? columns.find((column) => !known.has(column)) : name
    if (unknown !== undefined)
      throw badBackup(`it has ${unknown} in its table ${name}, which this version of Kinora does not know: take a newer one`)
  }
  return BACKED_UP.flatMap((table) => {
    const entry = entries.find(({ name }) => name === nameOf(table))
    return entry ? [{ table, entry }] : []
  })
}

/** Whether none of them has a row. */
export async function isEmpty(tx: Database): Promise<boolean> {
  for (const table of BACKED_UP) if ((await tx.select({ one: sql`1` }).from(table).limit(1)).length > 0) return false
  return true
}
