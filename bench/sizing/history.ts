// Fills a database as a service's life would: users, videos that they made over the last days, some in progress, some waiting. In
// bulk, since it is what was long ago; what is measured afterwards goes through the service's own functions.

import type { Database } from '../../apps/server/src/db/open.ts'
import { MODEL } from './service-queue.ts'

export interface History {
  readonly users: number
  /** Completed videos, of all users in turn. */
  readonly completed: number
  /** Of the first user, beside those. */
  readonly ofHeavy: number
  readonly running: number
  /** Waiting, of the first user alone. */
  readonly waiting: number
}

const REQUEST = JSON.stringify({
  task: 'generate',
  prompt: 'a panda eating bamboo on a rock, the morning sun behind it',
  negative_prompt: '',
  num_frames: 16,
  fps: 8,
  num_inference_steps: 25,
  guidance_scale: 9,
  seed: 1,
  width: 256,
  height: 256,
  scheduler: 'DDIMScheduler',
})

export async function fillHistory(db: Pick<Database, 'execute'>, history: History): Promise<void> {
  const { users, completed, ofHeavy, running, waiting } = history
  await db.execute(`insert into users (id, name, role) select 'user' || n, 'user' || n, 'user' from generate_series(0, ${users - 1}) n`)
  const insert = (prefix: string, count: number, user: string, status: string, more: { names: string; values: string }) =>
    db.execute(`
      insert into videos (id, user_id, status, model, request, position, created_at, started_at, ${more.names})
      select '${prefix}' || n, ${user}, '${status}', '${MODEL}', '${REQUEST}'::jsonb, n, now() - n * interval '20 seconds',
        ${status === 'queued' ? 'null' : `now() - n * interval '20 seconds'`}, ${more.values}
      from generate_series(1, ${count}) n`)
  const file = `jsonb_build_object('video', jsonb_build_object('key', md5('v' || n) || '.mp4', 'bytes', 300000), 'thumbnail', jsonb_build_object('key', md5('t' || n) || '.webp', 'bytes', 9000))`
  const done = { names: 'completed_at, attempt, files', values: `now() - n * interval '20 seconds', 1, ${file}` }
  await insert('done', completed, `'user' || n % ${users}`, 'completed', done)
  await insert('heavy', ofHeavy, `'user0'`, 'completed', done)
  await db.execute(
    `insert into workers (id, name, device, models) select 'old' || n, 'old' || n, 'cpu', array['${MODEL}'] from generate_series(1, ${running}) n`,
  )
  await insert('run', running, `'user' || (n % ${users})`, 'in_progress', { names: 'worker_id, attempt', values: `'old' || n, 1` })
  await insert('wait', waiting, `'user0'`, 'queued', { names: 'work', values: '26214400' })
  await db.execute('analyze')
}
