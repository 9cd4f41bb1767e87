// A registry of our own with the packages of this repository, as they would be published, and behind it the real one: what users
// install can be tried before anything is public. Nothing of it lasts, and nothing is published anywhere else.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build, unbuilt } from '../publish/built.ts'
import { command } from '../publish/command.ts'
import { npmPublish } from '../publish/npm-publish.ts'
import { stage, stageAs } from '../publish/stage.ts'
import { publishedWorkspaces, type Staged } from '../publish/workspaces.ts'
import { startVerdaccio } from './verdaccio.ts'

export interface LocalRegistryOptions {
  /** The same build under each; the last becomes `latest`. The workspaces' own version by default. */
  readonly versions?: readonly string[]
  readonly host?: string
  /** A free one by default. */
  readonly port?: number
  /** true: always, false: never (what is missing is an error); by default when files are missing or older than their sources. */
  readonly build?: boolean
}

export interface LocalRegistry {
  readonly url: string
  stop(): Promise<void>
}

/** Names that npm never asks the real registry for. */
const OWN = ['kinora', '@kinora/*']

export async function startLocalRegistry(options: LocalRegistryOptions = {}): Promise<LocalRegistry> {
  const { versions = [], host = '127.0.0.1', port = 0 } = options
  await ensureBuilt(options.build)
  const folder = mkdtempSync(join(tmpdir(), 'kinora-registry-'))
  const closers = [async () => rmSync(folder, { recursive: true, force: true })]
  const stop = async () => {
    for (const close of closers.splice(0).toReversed()) await close()
  }
  try {
    const upstream = (await command('npm', ['config', 'get', 'registry', '--loglevel=error'], { cwd: folder })).stdout.trim()
    const verdaccio = await startVerdaccio({ folder, upstream, own: OWN, host, port })
    closers.push(verdaccio.stop)
    const url = `http://${host === '0.0.0.0' ? '127.0.0.1' : host}:${verdaccio.port}`
    await fill(url, versions, join(folder, 'staged'))
    return { url, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function ensureBuilt(wanted: boolean | undefined): Promise<void> {
  const { missing, stale } = unbuilt()
  if (wanted === false && missing.length > 0) throw new Error(`no built files of ${missing.join(', ')}: run \`npm run build\` first`)
  if (wanted ?? missing.length + stale.length > 0) await build()
}

async function fill(url: string, versions: readonly string[], target: string): Promise<void> {
  // Of ONNX Runtime this platform only: npm passes over what is not there for others, and packing 240 MB takes half a minute.
  const staged = await stage(target, [{ os: process.platform, cpu: process.arch }])
  if (versions.length === 0) await publish(url, staged, target)
  const ours = new Set(publishedWorkspaces().map(({ name }) => name))
  const [foreign, own] = [staged.filter(({ name }) => !ours.has(name)), staged.filter(({ name }) => ours.has(name))]
  for (const [i, version] of versions.entries()) {
    const folder = join(target, 'versions', version)
    await publish(url, [...(i === 0 ? foreign : []), ...stageAs(version, own, folder)], folder)
  }
  rmSync(target, { recursive: true })
}

async function publish(registry: string, staged: readonly Staged[], target: string): Promise<void> {
  mkdirSync(target, { recursive: true })
  const config = join(target, 'npmrc')
  writeFileSync(config, `//${new URL(registry).host}/:_authToken=anyone\n`)
  const env = { ...process.env, npm_config_userconfig: config }
  for (const each of staged) await npmPublish(each, { registry, provenance: false, env })
}
