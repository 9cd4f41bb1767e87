// Virtual time in a database: the service's own statements ask for now() and clock_timestamp(), and get the simulation's time. Two
// functions of those names lie in the schema `public`, which the search path puts before PostgreSQL's own; the time itself is a
// sequence's last value, which all connections see at once and which no transaction takes back. Defaults of columns were bound when
// the tables were made, and are made anew. So every time in a row is virtual: waits are read off the rows, quotas of a day count
// virtual days, and a worker is lost after virtual seconds.

import type { Database } from '../../apps/server/src/db/open.ts'

/** Any day; midnight in UTC. */
const EPOCH_MS = Date.UTC(2026, 0, 5)

/** The connections that are open must be made anew after it, but for the one of PGlite. */
export async function installVirtualClock(db: Pick<Database, 'execute'>): Promise<void> {
  await db.execute(`create sequence virtual_ms minvalue 0`)
  const body = `select to_timestamp(last_value / 1000.0) from public.virtual_ms`
  await db.execute(`create function public.now() returns timestamptz stable language sql as '${body}'`)
  await db.execute(`create function public.clock_timestamp() returns timestamptz volatile language sql as '${body}'`)
  await db.execute(`do $$ declare c record; begin
    execute format('alter database %I set search_path = public, pg_catalog', current_database());
    for c in select table_name, column_name from information_schema.columns where table_schema = 'public' and column_default = 'now()'
    loop execute format('alter table public.%I alter column %I set default public.now()', c.table_name, c.column_name); end loop;
  end $$`)
  await db.execute(`set search_path = public, pg_catalog`)
}

export async function setVirtualTime(db: Pick<Database, 'execute'>, seconds: number): Promise<void> {
  await db.execute(`select setval('public.virtual_ms', ${Math.round(EPOCH_MS + seconds * 1000)})`)
}
