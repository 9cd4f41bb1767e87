// A version of the program that changes the database and then does not start, published to a local registry: what the
// install script has to come back from.

import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

const MAIN = `#!/usr/bin/env node
import pg from 'pg'
const client = new pg.Client({ connectionString: process.env.KINORA_DATABASE_URL })
await client.connect()
await client.query("create table if not exists broken (id int)")
await client.query("insert into drizzle.__drizzle_migrations (hash, created_at) values ('broken', 9999999999999)")
await client.end()
console.error('this version is broken')
process.exit(1)
`

/** Made of the newest that the registry has. */
export async function publishBroken(registry: string, version: string): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'kinora-broken-'))
  try {
    await run('npm', ['pack', '@kinora/cli', `--registry=${registry}`, '--silent'], { cwd: folder })
    await run('bash', ['-c', 'tar -xzf *.tgz'], { cwd: folder })
    const root = path.join(folder, 'package')
    const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as object
    writeFileSync(path.join(root, 'package.json'), JSON.stringify({ ...manifest, version }))
    writeFileSync(path.join(root, 'dist/main.js'), MAIN)
    writeFileSync(path.join(root, '.npmrc'), `registry=${registry}/\n//${new URL(registry).host}/:_authToken=anyone\n`)
    const words = ['publish', '--ignore-scripts', '--provenance=false', '--tag=broken', '--loglevel=error']
    await run('npm', words, { cwd: root, env: { ...process.env, npm_config_userconfig: path.join(root, '.npmrc') } })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
