// Whether the built files of the published workspaces are there and newer than their sources, and building them when not.
// It compares times only: a source that was touched without a change is built again, which costs half a minute.

import { existsSync, globSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { command } from './command.ts'
import { publishedWorkspaces, ROOT, type Workspace } from './workspaces.ts'

/** Names of workspaces whose package would lack files, or hold old ones. */
export function unbuilt(): { missing: string[]; stale: string[] } {
  const built = publishedWorkspaces().filter(({ manifest }) => manifest.files?.includes('dist'))
  const missing = built.filter(({ folder }) => !existsSync(join(ROOT, folder, 'dist')))
  const stale = built.filter((workspace) => !missing.includes(workspace) && isStale(workspace))
  return { missing: missing.map(({ name }) => name), stale: stale.map(({ name }) => name) }
}

function isStale({ folder }: Workspace): boolean {
  const sources = newest(folder, ['src/**', 'public/**', 'index.html', '{tsconfig.build,vite.config}.*'])
  return sources > newest(folder, ['dist/**'])
}

function newest(folder: string, patterns: string[]): number {
  const files = globSync(patterns, { cwd: join(ROOT, folder), withFileTypes: true }).filter((entry) => entry.isFile())
  const relevant = files.filter(({ name }) => !/\.test\.tsx?$/.test(name))
  return Math.max(0, ...relevant.map(({ parentPath, name }) => statSync(join(parentPath, name)).mtimeMs))
}

export async function build(): Promise<void> {
  await command('npm', ['run', 'build', '--silent'], { cwd: ROOT })
}
