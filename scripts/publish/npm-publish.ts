// Publishes a staged package with npm itself, or says whether that version is there already.

import { command } from './command.ts'
import { readManifest, type Staged } from './workspaces.ts'

export interface PublishOptions {
  readonly registry: string
  /** Only a known build service can give it. */
  readonly provenance: boolean
  readonly env?: NodeJS.ProcessEnv
}

export async function npmPublish({ folder }: Staged, { registry, provenance, env = process.env }: PublishOptions): Promise<void> {
  const words = ['publish', '--ignore-scripts', '--access=public', '--tag=latest', '--loglevel=error']
  await command('npm', [...words, `--registry=${registry}`, `--provenance=${provenance}`, folder], { cwd: folder, env })
}

export async function isPublished({ name, folder }: Staged, registry: string): Promise<boolean> {
  const address = new URL(name.replace('/', '%2f'), registry.replace(/\/?$/, '/'))
  const answer = await fetch(address, { headers: { accept: 'application/vnd.npm.install-v1+json' } })
  if (answer.status === 404) return false
  if (!answer.ok)
    throw new Error(`${address.href} answered ${answer.status} ${answer.statusText} where the versions of ${name} or 404 was expected`)
  const { versions = {} } = (await answer.json()) as { versions?: Record<string, unknown> }
  return Object.hasOwn(versions, readManifest(folder).version)
}
