// The service that all end-to-end tests share: the built application, `kinora serve` as a process of its own, the demo model.
// KINORA_E2E_URL names one that runs already (for instance the development server with a service behind it), whose
// administrator is ADMIN.

import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { TestProject } from 'vitest/node'
import { ADMIN } from './admin.ts'

declare module 'vitest' {
  interface ProvidedContext {
    url: string
  }
}

const ROOT = fileURLToPath(new URL('../../../../../', import.meta.url))
const START_MS = 60_000

export interface Served {
  readonly url: string
  readonly process: ChildProcess
  /** What it said so far. */
  said(): string
  /** Ends it as a crash would; its data stays. */
  kill(): Promise<void>
}

export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const given = process.env.KINORA_E2E_URL
  if (given !== undefined) {
    project.provide('url', given)
    return undefined
  }
  // As it is built for users: the tests' own NODE_ENV would bring React's slow development code.
  await promisify(execFile)('npm', ['run', 'build', '-w', 'apps/web'], { cwd: ROOT, env: { ...process.env, NODE_ENV: 'production' } })
  const data = await mkdtemp(join(tmpdir(), 'kinora-e2e-'))
  const service = await startKinora({ data })
  project.provide('url', service.url)
  return async () => {
    await service.kill()
    await rm(data, { recursive: true, force: true })
  }
}

/** `kinora serve`, once it makes videos. `port` 0 takes a free one. */
export async function startKinora({
  data,
  port = 0,
  env = { KINORA_ADMIN_USER: ADMIN.name, KINORA_ADMIN_PASSWORD: ADMIN.password },
  args = [],
}: {
  data: string
  port?: number
  env?: NodeJS.ProcessEnv
  args?: readonly string[]
}): Promise<Served> {
  const main = join(ROOT, 'apps/cli/src/main.ts')
  const child = spawn(
    process.execPath,
    ['--conditions=kinora-dev', main, 'serve', '--port', String(port), '--data', data, '--log-level', 'warn', ...args],
    {
      env: { ...process.env, ORT_DISABLE_TELEMETRY: '1', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  const ended = new Promise<void>((resolve) => void child.once('close', () => resolve()))
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
  const deadline = Date.now() + START_MS
  while (!/^Ready to make videos/m.test(output)) {
    if (child.exitCode !== null || Date.now() > deadline) {
      child.kill('SIGKILL')
      throw new Error(`kinora serve did not start:\n${output}`)
    }
    await new Promise((resolve) => void setTimeout(resolve, 50))
  }
  const [, url = ''] = /^Kinora listens at (http:[^\s,]+)/m.exec(output) ?? []
  return {
    url,
    process: child,
    said: () => output,
    async kill() {
      child.kill('SIGKILL')
      await ended
    },
  }
}
