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
    .option('--install-cuda', 'fetch the libraries that ONNX Runtime needs for --device cuda, and check what else is missing (Linux x64)')
    .action(async ({ json = false, installCuda = false }: { json?: boolean; installCuda?: boolean }) => {
      const checks = installCuda ? await cuda(json, context.signal) : await (await import('../doctor.ts')).diagnose()
      const works = checks.every(({ status }) => status !== 'fail' && !(installCuda && status === 'absent'))
      if (!works) context.exitCode = 1
      process.stdout.write(
        json ? `${JSON.stringify({ works, checks })}\n` : text(checks, works, installCuda ? '--device cuda' : 'Generating'),
      )
    })
}

/** With `json` standard output is for the result alone. */
async function cuda(json: boolean, signal: AbortSignal): Promise<Check[]> {
  const { cudaPlace, installCuda } = await import('../install-cuda.ts')
  const { cudaChecks } = await import('../cuda-check.ts')
  const place = cudaPlace()
  await installCuda(place, { signal, say: (line) => void (json ? process.stderr : process.stdout).write(`${line}\n`) })
  return cudaChecks(place)
}

function text(checks: readonly Check[], works: boolean, what: string): string {
  const width = Math.max(...checks.map(({ name }) => name.length))
  const lines = checks.flatMap(({ name, status, detail, hint }) => [
    `${MARKS[status]}  ${name.padEnd(width)}  ${detail}`,
    ...(hint === undefined ? [] : [`${' '.repeat(width + 10)}-> ${hint}`]),
  ])
  return `${lines.join('\n')}\n\n${what} ${works ? 'works here.' : 'does not work here yet: see above.'}\n`
}
