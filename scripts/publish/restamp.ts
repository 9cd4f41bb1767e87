// The part of `npm run bump` that changesets knows nothing of: files that name a container image by Kinora's version. Packages,
// the lock file and the cloud's template are the business of others.

import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT, readManifest } from './workspaces.ts'

const FILES = ['deploy/{Dockerfile,compose.yaml,.env.example}', 'deploy/kubernetes/**/*.yaml', 'docs/{,zh/}deploy/containers.md']
/** The version in `kinora:0.1.0`, `kinora:0.1.0-beta.1-cuda` and the Dockerfile's `ARG VERSION=0.1.0`. */
const STAMP = /(?<=\bkinora:|^ARG VERSION=)\d+\.\d+\.\d+(?:-[a-z]+\.\d+)?/gm

/** Paths from the root, with `/`. */
export function stampedFiles(root = ROOT): string[] {
  return globSync(FILES, { cwd: root })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => stampsIn(readFileSync(join(root, path), 'utf8')).length > 0)
}

export function stampsIn(text: string): string[] {
  return [...text.matchAll(STAMP)].map(([version]) => version)
}

export function restamp(text: string, version: string): string {
  return text.replace(STAMP, version)
}

if (import.meta.main) {
  const { version } = readManifest(join(ROOT, 'apps/cli'))
  for (const path of stampedFiles()) writeFileSync(join(ROOT, path), restamp(readFileSync(join(ROOT, path), 'utf8'), version))
}
