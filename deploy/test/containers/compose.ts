// deploy/compose.yaml as a project of the test's own, by compose's second version where docker has it, else by the first.

import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { ADMIN } from './client.ts'
import type { Docker } from './docker.ts'
import { IMAGE } from './images.ts'

const PROJECT = 'kinora-test'
const FILES = ['../../compose.yaml', '../compose.test.yaml'].flatMap((name) => ['-f', fileURLToPath(new URL(name, import.meta.url))])
const POSTGRES_PASSWORD = 'x7Yq2'
const SETTINGS = {
  KINORA_IMAGE: IMAGE,
  KINORA_ADMIN_USER: ADMIN.name,
  KINORA_ADMIN_PASSWORD: ADMIN.password,
  POSTGRES_PASSWORD,
  S3_ACCESS_KEY: 'S3RVER',
  S3_SECRET_KEY: 'S3RVER',
  HTTP_PORT: '0',
}

export interface Compose {
  /** Standard output. Rejects with what it said when it fails. */
  readonly run: (...args: string[]) => Promise<string>
  /** Rows of the service's database, columns apart by |. */
  readonly query: (sql: string) => Promise<string[]>
  /** Where the server listens; another one after each start. */
  readonly url: () => Promise<string>
}

/** Undefined where neither version is installed. */
export async function openCompose({ run: docker, env }: Docker): Promise<Compose | undefined> {
  const second = await docker('compose', 'version').then(
    () => true,
    () => false,
  )
  const [program, ...first] = second ? ['docker', 'compose'] : ['docker-compose']
  const run = async (...args: string[]) => {
    const all = [...first, '-p', PROJECT, ...FILES, ...args]
    return (await promisify(execFile)(program, all, { env: { ...env, ...SETTINGS }, maxBuffer: 2 ** 26 })).stdout.trim()
  }
  if (
    !(await run('config').then(
      () => true,
      (error: { code?: unknown }) => error.code !== 'ENOENT',
    ))
  )
    return undefined
  const query = async (sql: string) => {
    const psql = ['psql', '-h', '127.0.0.1', '-U', 'kinora', '-d', 'kinora', '-Atc', sql]
    const said = await run('exec', '-T', '-e', `PGPASSWORD=${POSTGRES_PASSWORD}`, 'postgres', ...psql)
    return said.split('\n').filter((line) => line !== '')
  }
  return { run, query, url: async () => `http://${await run('port', 'server', '7860')}` }
}
