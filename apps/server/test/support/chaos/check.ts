// After the storm: is every accepted video there, ended once, playable, and is nothing left over.

import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { readdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { sql } from 'drizzle-orm'
import { readVideo } from 'kinora'
import { pino } from 'pino'
import { z } from 'zod'
import type { Config } from '../../../src/config/config.ts'
import type { Database } from '../../../src/db/open.ts'
import { previews, videos, workers } from '../../../src/db/schema.ts'
import type { Job } from '../../../src/queue/take.ts'
import { keysOf } from '../../../src/retention/held.ts'
import { keepOut } from '../../../src/retention/retention.ts'
import { openStorage } from '../../../src/storage/open.ts'
import { type Client, listAll } from './client.ts'

type Violate = (sentence: string) => void

/** Writes down every end of a video, and every change of one that has ended. */
export async function watchEnds(db: Database): Promise<void> {
  const ended = `('completed', 'failed', 'cancelled')`
  for (const statement of [
    `create table chaos_ends (video_id text not null, change text not null)`,
    `create function chaos_watch() returns trigger language plpgsql as $$ begin
       if old.status in ${ended} and new.status <> old.status then insert into chaos_ends values (new.id, 'after ' || old.status || ' ' || new.status);
       elsif new.status in ${ended} and old.status not in ${ended} then insert into chaos_ends values (new.id, new.status);
       end if;
       return new;
     end $$`,
    `create trigger chaos_watch after update on videos for each row execute function chaos_watch()`,
  ])
    await db.execute(sql.raw(statement))
}

const endRows = z.object({ rows: z.array(z.object({ video_id: z.string(), change: z.string() })) })

/** In the database, which no service has open any more where it is the embedded one. */
export async function checkRows(db: Database, accepted: readonly string[], violate: Violate): Promise<Job[]> {
  const rows = await db.select().from(videos)
  const byId = new Map(rows.map((row) => [row.id, row]))
  if (rows.length !== accepted.length) violate(`${accepted.length} videos were accepted, and there are ${rows.length}`)
  const ends = Map.groupBy(endRows.parse(await db.execute(sql`select * from chaos_ends`)).rows, (end) => end.video_id)
  for (const id of accepted) {
    const row = byId.get(id)
    const said = ends.get(id)?.map(({ change }) => change) ?? []
    if (!row) violate(`${id} was accepted and is gone`)
    else if (said.length !== 1 || said[0] !== row.status) violate(`${id} is ${row.status}, by way of: ${said.join(', ')}`)
    else if (row.status === 'failed' && (!row.errorCode || !row.errorMessage)) violate(`${id} failed without a reason`)
    else if (row.status === 'completed' && Object.keys(row.files).length !== 3) violate(`${id} has not all of its files`)
  }
  if ((await db.select().from(workers)).length > 0) violate('workers that have ended are still known')
  if ((await db.select().from(previews)).length > 0) violate('pictures of videos that have ended are still there')
  return rows
}

/** By HTTP: each completed video is what its digest says, and plays to its last frame. */
export async function checkVideos(client: Client, folder: string, violate: Violate): Promise<number> {
  const played = new Set<string>()
  for (const video of await listAll(client)) {
    if (video.status !== 'completed') continue
    const response = await client.ask(`/v1/videos/${video.id}/content`)
    const bytes = Buffer.from(await response.arrayBuffer())
    const digest = createHash('sha256').update(bytes).digest('hex')
    if (response.headers.get('etag') !== `"${digest}"`)
      violate(`${video.id} is answered with ${response.status} and other bytes than its digest's`)
    if (played.has(digest)) continue
    played.add(digest)
    const file = path.join(folder, 'played.mp4')
    await writeFile(file, bytes)
    const frames = await readVideo(file).then(
      (read) => read.frames.shape[0],
      (error: unknown) => String(error),
    )
    if (frames !== video.num_frames) violate(`${video.id} has ${frames} frames of ${video.num_frames}`)
  }
  return played.size
}

/** After one pass to which everything is old, the files are exactly those that rows name, and nothing is on its way. */
export async function checkFiles(db: Database, config: Config, rows: readonly Job[], violate: Violate): Promise<void> {
  const storage = await openStorage(config)
  await keepOut({ db, storage, config, log: pino({ level: 'silent' }) }, { orphanAfter: -60_000 })
  const named = [...new Set(rows.flatMap(keysOf))].sort()
  const entries = await readdir(path.join(config.data, 'files'), { recursive: true, withFileTypes: true })
  const found = entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name)
  if (found.sort().join() !== named.join()) violate(`the storage has ${found.length} files, and videos name ${named.length}`)
}

/** Folders that hold what is only needed for a moment. */
export async function checkTemporary(folders: readonly string[], violate: Violate): Promise<void> {
  for (const folder of folders) {
    const left = await readdir(folder).catch(() => [])
    if (left.length > 0)
      violate(`${path.basename(folder)} still has ${left.slice(0, 5).join(', ')}${left.length > 5 ? ` and ${left.length - 5} more` : ''}`)
  }
}

/** Processes with this text in their environment, which descendants inherit. Empty where the system does not tell. */
export function processesWith(text: string): string[] {
  return readdirSync('/proc', { withFileTypes: true }).flatMap(({ name }) => {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) return []
    try {
      return readFileSync(`/proc/${name}/environ`, 'latin1').includes(text)
        ? [`${name} ${readFileSync(`/proc/${name}/cmdline`, 'latin1').replaceAll('\0', ' ')}`]
        : []
    } catch {
      return []
    }
  })
}
