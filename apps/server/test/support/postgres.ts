// A throw-away PostgreSQL: a cluster of its own in a temporary folder, on a free port of this machine, without durability.
// PostgreSQL refuses root, so that root starts it as the user `postgres` that its package makes.

import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { chownSync, existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'

export interface TestPostgres {
  /** Of the whole cluster's own database. */
  readonly url: string
  /** An empty database; the URL of it. */
  createDatabase(): Promise<string>
  /** Ends every connection, as a network or a restart would. */
  dropConnections(): Promise<void>
  stop(): Promise<void>
}

/** Undefined where PostgreSQL is not installed. */
export async function startPostgres(): Promise<TestPostgres | undefined> {
  const programs = findPrograms()
  const asRoot = process.getuid?.() === 0
  const user = asRoot ? postgresUser() : undefined
  if (programs === undefined || (asRoot && !user)) return undefined
  const folder = mkdtempSync(path.join(tmpdir(), 'kinora-postgres-'))
  if (user) chownSync(folder, user.uid, user.gid)
  const initdb = ['-D', `${folder}/data`, '-U', 'kinora', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync', '--no-instructions']
  await promisify(execFile)(path.join(programs, 'initdb'), initdb, { ...user, cwd: folder })
  const port = await freePort()
  const settings = ['fsync=off', 'full_page_writes=off', 'shared_buffers=32MB', 'max_connections=100', 'listen_addresses=127.0.0.1']
  const server = spawn(
    path.join(programs, 'postgres'),
    ['-D', `${folder}/data`, '-p', String(port), '-k', folder, ...settings.flatMap((setting) => ['-c', setting])],
    { ...user, cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] },
  )
  const endWithUs = () => void server.kill('SIGQUIT')
  process.once('exit', endWithUs)
  const url = `postgres://kinora@127.0.0.1:${port}/postgres`
  await answers(server, url)
  let databases = 0
  return {
    url,
    createDatabase: async () => {
      const name = `kinora_${++databases}`
      await query(url, `create database ${name}`)
      return url.replace(/postgres$/, name)
    },
    dropConnections: () =>
      query(url, `select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and datname is not null`),
    stop: async () => {
      process.off('exit', endWithUs)
      const ended = new Promise((resolve) => server.once('exit', resolve))
      if (server.exitCode === null && server.kill('SIGQUIT')) await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Debian keeps them out of the PATH. */
function findPrograms(): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(':'), ...globSync('/usr/lib/postgresql/*/bin').toSorted().toReversed()]
  return folders.find((folder) => ['initdb', 'postgres'].every((name) => existsSync(path.join(folder, name))))
}

function postgresUser(): { uid: number; gid: number } | undefined {
  const found = /^postgres:[^:]*:(\d+):(\d+):/m.exec(readFileSync('/etc/passwd', 'utf8'))
  return found ? { uid: Number(found[1]), gid: Number(found[2]) } : undefined
}

/** Nothing listens there now; the server takes it a moment later. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
}

async function answers(server: ChildProcess, url: string): Promise<void> {
  let words = ''
  server.stderr?.on('data', (text: Buffer) => {
    words = (words + text.toString()).slice(-2000)
  })
  for (let attempt = 0; attempt < 200; attempt++) {
    if (server.exitCode !== null) throw new Error(`PostgreSQL ended with ${server.exitCode}: ${words}`)
    try {
      return await query(url, 'select 1')
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
  throw new Error(`PostgreSQL does not answer: ${words}`)
}

async function query(url: string, text: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  try {
    await client.connect()
    await client.query(text)
  } finally {
    await client.end()
  }
}
