// The docker daemon of this machine, or one of the test's own where none answers. Images are built by the daemon's own old builder, which
// knows least: what it builds, BuildKit does too.

import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'

const DAEMON = '/usr/sbin/dockerd'
const MOST_OUTPUT = 64 * 2 ** 20

export interface Docker {
  /** Standard output of `docker ARGS`. Rejects with what it said when it fails. */
  readonly run: (...args: string[]) => Promise<string>
  /** Variables with which other clients find the same daemon. */
  readonly env: NodeJS.ProcessEnv
  readonly stop: () => Promise<void>
}

/** Undefined where no daemon answers and none can be started. */
export async function openDocker(): Promise<Docker | undefined> {
  const found = docker({ ...process.env, DOCKER_BUILDKIT: '0' })
  if (await answers(found)) return found
  if (process.getuid?.() !== 0 || !existsSync(DAEMON)) return undefined
  return startDaemon()
}

function docker(env: NodeJS.ProcessEnv, stop = async () => {}): Docker {
  const run = async (...args: string[]) => (await promisify(execFile)('docker', args, { env, maxBuffer: MOST_OUTPUT })).stdout.trim()
  return { run, env, stop }
}

async function answers({ run }: Docker): Promise<boolean> {
  return run('version', '--format', '{{.Server.Version}}').then(
    () => true,
    () => false,
  )
}

async function startDaemon(): Promise<Docker | undefined> {
  const folder = mkdtempSync(path.join(tmpdir(), 'kinora-docker-'))
  const host = `unix://${folder}/docker.sock`
  const places = ['--data-root', `${folder}/data`, '--exec-root', `${folder}/exec`, '--pidfile', `${folder}/pid`]
  const daemon = spawn(DAEMON, ['--host', host, ...places], { stdio: 'ignore' })
  const end = () => void daemon.kill('SIGTERM')
  process.once('exit', end)
  const own = docker({ ...process.env, DOCKER_BUILDKIT: '0', DOCKER_HOST: host }, async () => {
    process.off('exit', end)
    await ended(daemon)
    rmSync(folder, { recursive: true, force: true })
  })
  for (let attempt = 0; attempt < 60 && daemon.exitCode === null; attempt++) {
    if (await answers(own)) return own
    await delay(500)
  }
  await own.stop()
  return undefined
}

async function ended(daemon: ChildProcess): Promise<void> {
  const exit = new Promise((resolve) => daemon.once('exit', resolve))
  if (daemon.exitCode === null && daemon.kill('SIGTERM')) await exit
}
