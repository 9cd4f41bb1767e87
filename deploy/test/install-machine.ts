// A bare machine to install on: a root file system made of a distribution's own packages, in which systemd is booted as the
// first process. Not a virtual machine: the kernel and the network are this machine's, so that services listen at its ports.

import { spawn } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'

export interface Ended {
  readonly code: number | null
  /** Standard output and error, in the order in which they came. */
  readonly output: string
}

export interface Machine {
  /** Of its files, as seen from here. */
  readonly root: string
  /** Runs a script there, as root. */
  run(script: string, options?: { env?: Readonly<Record<string, string>>; input?: string }): Promise<Ended>
  /** The same, and a failure is an error. */
  must(script: string): Promise<string>
  stop(): Promise<void>
}

const MIRRORS: Readonly<Record<string, string>> = { debian: 'http://deb.debian.org/debian', ubuntu: 'http://archive.ubuntu.com/ubuntu' }
const UBUNTU = new Set(['jammy', 'noble'])

/** `suite` is a name such as bookworm or noble. Its root file system is made once and kept packed in the temporary folder. */
export async function bootMachine(suite: string): Promise<Machine> {
  const root = mkdtempSync(path.join(tmpdir(), 'kinora-machine-'))
  await local('tar', ['-xpf', await packedRoot(suite), '-C', root])
  rmSync(path.join(root, 'etc/resolv.conf'), { force: true }) // a link that leads nowhere, on some
  cpSync('/etc/resolv.conf', path.join(root, 'etc/resolv.conf'), { dereference: true })
  // Where this machine was not booted by systemd either, nspawn lacks the folder that tells it so.
  mkdirSync('/run/systemd', { recursive: true })
  if ((await ended('mountpoint', ['-q', '/run/systemd'])).code !== 0) await local('mount', ['-t', 'tmpfs', 'tmpfs', '/run/systemd'])
  // Packages of time zones put /etc/localtime anew, so it must not be mounted.
  const words = [
    '-q',
    '-D',
    root,
    '--boot',
    '--console=pipe',
    '--register=no',
    '--keep-unit',
    '--timezone=off',
    `--machine=${path.basename(root)}`,
  ]
  const container = spawn('systemd-nspawn', words, { stdio: ['ignore', 'ignore', 'inherit'] })
  const gone = new Promise((resolve) => container.once('close', resolve))
  const init = await firstProcess(container.pid!)
  const end = () => void process.kill(Number(init), 'SIGKILL')
  process.once('exit', end)
  const run: Machine['run'] = (script, { env = {}, input = '' } = {}) =>
    ended('nsenter', ['-t', init, '-a', 'bash', '-c', script], {
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/root', ...env },
      input,
    })
  const machine: Machine = {
    root,
    run,
    async must(script) {
      const { code, output } = await run(script)
      if (code !== 0) throw new Error(`${script} ended with ${code}: ${output}`)
      return output
    },
    async stop() {
      process.off('exit', end)
      end()
      await gone
      rmSync(root, { recursive: true, force: true })
    },
  }
  await until('systemd has started', async () => /running|degraded/.test((await run('systemctl is-system-running')).output))
  return machine
}

async function packedRoot(suite: string): Promise<string> {
  const packed = path.join(tmpdir(), `kinora-machine-${suite}.tar`)
  if (existsSync(packed)) return packed
  const [mirror, keyring] = UBUNTU.has(suite) ? [MIRRORS.ubuntu!, 'ubuntu'] : [MIRRORS.debian!, 'debian']
  const components = keyring === 'ubuntu' ? 'main,universe' : 'main'
  const options = ['--variant=minbase', '--include=systemd-sysv,apt', `--components=${components}`]
  const keys = `--keyring=/usr/share/keyrings/${keyring}-archive-keyring.gpg`
  await local('mmdebstrap', ['--quiet', ...options, keys, suite, `${packed}.unfinished.tar`, mirror])
  renameSync(`${packed}.unfinished.tar`, packed)
  return packed
}

/** The container's first process, which is nspawn's only child. */
async function firstProcess(pid: number): Promise<string> {
  let found = ''
  await until('the container has a process', async () => {
    found = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim()
    return found !== ''
  })
  return found
}

async function local(program: string, words: readonly string[]): Promise<void> {
  const { code, output } = await ended(program, words)
  if (code !== 0) throw new Error(`${program} ${words.join(' ')} ended with ${code}: ${output}`)
}

async function ended(
  program: string,
  words: readonly string[],
  { env, input = '' }: { env?: NodeJS.ProcessEnv; input?: string } = {},
): Promise<Ended> {
  const child = spawn(program, words, { stdio: ['pipe', 'pipe', 'pipe'], ...(env && { env }) })
  child.stdin.on('error', () => {}) // of a program that does not read it
  child.stdin.end(input)
  const code = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  const [status, stdout, stderr] = await Promise.all([code, text(child.stdout), text(child.stderr)])
  return { code: status, output: stdout + stderr }
}

/** Asks once a half second, for a minute or as long as is said. */
export async function until(what: string, isSo: () => Promise<boolean>, seconds = 60): Promise<void> {
  const last = performance.now() + seconds * 1000
  while (performance.now() < last) {
    if (await isSo().catch(() => false)) return
    await sleep(500)
  }
  throw new Error(`${what}: not so after ${seconds} s`)
}

/** Of this machine, and with that of the container. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
