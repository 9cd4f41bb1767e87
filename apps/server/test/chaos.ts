// The long chaos test, by hand: node --conditions=kinora-dev apps/server/test/chaos.ts [--minutes N] [--jobs N] [--embedded]
// Needs PostgreSQL's programs, unless --embedded. Prints a line of figures; ends with 1 when anything was not as it should be.

import { parseArgs } from 'node:util'
import { runChaos, summary } from './support/chaos/run.ts'
import { startPostgres } from './support/postgres.ts'

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '3' },
    jobs: { type: 'string', default: '200' },
    embedded: { type: 'boolean', default: false },
  },
})
const postgres = values.embedded ? undefined : await startPostgres()
if (!values.embedded && !postgres) throw new Error('PostgreSQL is not installed here: install its server, or take --embedded')
try {
  const report = await runChaos({
    jobs: Number(values.jobs),
    seconds: Number(values.minutes) * 60,
    databaseUrl: await postgres?.createDatabase(),
    say: (line) => process.stderr.write(`${line}\n`),
  })
  process.stdout.write(`${summary(report)}\n`)
  process.exitCode = report.violations.length > 0 || report.completed === 0 ? 1 : 0
} finally {
  await postgres?.stop()
}
