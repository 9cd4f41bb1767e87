// `kinora doctor`: whether a video can be generated here, and what with. Exit code 1 when it cannot.

import type { Command } from 'commander'
import type { Check } from '../doctor.ts'
import type { Context } from '../program.ts'

const MARKS: Readonly<Record<Check['status'], string>> = { ok: 'ok    ', warn: 'warn  ', fail: 'FAIL  ', absent: 'absent' }

export function doctorCommand(program: Command, context: Context): void {
  program
    .command('doctor')
    .description('check this machine: Node.js, CPU, memory, devices, video programs, demo model')
    .option('--json', 'print one JSON object')
    .action(async ({ json }: { json?: boolean }) => {
      const { diagnose } = await import('../doctor.ts')
      const checks = await diagnose()
      const works = checks.every(({ status }) => status !== 'fail')
      if (!works) context.exitCode = 1
      process.stdout.write(json ? `${JSON.stringify({ works, checks })}\n` : text(checks, works))
    })
}

function text(checks: readonly Check[], works: boolean): string {
  const width = Math.max(...checks.map(({ name }) => name.length))
  const lines = checks.flatMap(({ name, status, detail, hint }) => [
    `${MARKS[status]}  ${name.padEnd(width)}  ${detail}`,
    ...(hint === undefined ? [] : [`${' '.repeat(width + 10)}-> ${hint}`]),
  ])
  return `${lines.join('\n')}\n\n${works ? 'Generating works here.' : 'Generating does not work here yet: see FAIL above.'}\n`
}
