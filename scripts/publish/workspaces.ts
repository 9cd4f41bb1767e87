// The workspaces that are published: those of the root package.json that are not private. Not a list of its own, so that a new
// package cannot be forgotten by the tests, the local registry or the changesets.

import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export interface Manifest {
  readonly name: string
  readonly version: string
  readonly private?: boolean
  readonly bin?: Readonly<Record<string, string>>
  readonly exports?: Readonly<Record<string, unknown>>
  readonly files?: readonly string[]
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
  readonly [field: string]: unknown
}

export interface Workspace {
  readonly name: string
  /** From the root of the repository: `apps/cli`. */
  readonly folder: string
  readonly manifest: Manifest
}

/** A package in the folder that it is published from. */
export interface Staged {
  readonly name: string
  readonly folder: string
}

export const ROOT = fileURLToPath(new URL('../..', import.meta.url))

export function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest
}

export function writeManifest(folder: string, manifest: unknown): void {
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`)
}

/** What is depended on comes first, so that no moment of a release has a package without what it needs. */
export function publishedWorkspaces(root = ROOT): Workspace[] {
  const { workspaces } = readManifest(root) as unknown as { workspaces: string[] }
  const patterns = workspaces.map((pattern) => `${pattern}/package.json`)
  const found = globSync(patterns, { cwd: root })
    .map((path) => path.replace(/[\\/]package\.json$/, '').replaceAll('\\', '/'))
    .map((folder) => ({ folder, manifest: readManifest(join(root, folder)) }))
    .filter(({ manifest }) => manifest.private !== true)
    .map(({ folder, manifest }) => ({ name: manifest.name, folder, manifest }))
  return inOrder(found.toSorted((a, b) => a.name.localeCompare(b.name, 'en')))
}

function inOrder(workspaces: readonly Workspace[]): Workspace[] {
  const ordered = new Set<Workspace>()
  const add = (workspace: Workspace): void => {
    const { dependencies = {}, peerDependencies = {} } = workspace.manifest
    const needed = { ...dependencies, ...peerDependencies }
    for (const each of workspaces) if (each.name in needed && !ordered.has(each)) add(each)
    ordered.add(workspace)
  }
  for (const workspace of workspaces) add(workspace)
  return [...ordered]
}
