// How many workers a crowd needs, and what it then waits: days of virtual time through the service's real queue on a real PostgreSQL
// (Debian: postgresql). What comes out is kept in docs/numbers/queue.json; page.ts makes tables and plots of it.
//
//   node --conditions=kinora-dev bench/sizing/queue.ts          # ten minutes or so; --only sizes (or fairness, curves, theory) keeps the rest
//   node --conditions=kinora-dev bench/sizing/page.ts
//
// Numbers of workers are searched with the same rules in memory (fleet.ts); what is found is then run on the real queue, with
// workers that die. Nothing waits for the clock: an hour takes as long as its statements do.

import { parseArgs } from 'node:util'
import { startPostgres } from '../../apps/server/test/support/postgres.ts'
import { choice, UsageError } from '../arguments.ts'
import { cpuKind, describeMachine } from '../machine.ts'
import { curves, sizes } from './crowds.ts'
import { fairness } from './fairness.ts'
import { type QueueResults, readKeptFigures, writeKept } from './kept.ts'
import { theory } from './theory.ts'

const PARTS = ['theory', 'curves', 'fairness', 'sizes'] as const

async function measureQueue(only: (typeof PARTS)[number] | undefined): Promise<QueueResults> {
  const postgres = await startPostgres()
  if (!postgres) throw new Error('PostgreSQL is not installed: apt install postgresql')
  try {
    const kept = only && readKeptFigures('queue')
    const made = { date: new Date().toISOString(), machine: cpuKind(describeMachine()) }
    return {
      ...made,
      theory: kept && only !== 'theory' ? kept.theory : await theory(),
      curves: kept && only !== 'curves' ? kept.curves : await curves(),
      fairness: kept && only !== 'fairness' ? kept.fairness : await fairness(postgres),
      sizes: kept && only !== 'sizes' ? kept.sizes : await sizes(postgres),
    }
  } finally {
    await postgres.stop()
  }
}

try {
  const { only } = parseArgs({ options: { only: { type: 'string' } } }).values
  const part = only === undefined ? undefined : choice('--only', only, PARTS)
  console.log(writeKept('queue', await measureQueue(part)))
} catch (error) {
  if (!(error instanceof UsageError) && !(error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS')) throw error
  console.error((error as Error).message)
  process.exitCode = 2
}
