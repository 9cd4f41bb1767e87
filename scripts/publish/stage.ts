// Writes what would be published into a folder, one package in each: `npm pack` of every published workspace, unpacked, with the copy of
// ONNX Runtime beside it that they ask for. The release publishes these folders, and so does the local registry of the tests:
// what was tried is what users get. As workspaces of one folder they go to npm in one call.

import { cpSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { command } from './command.ts'
import { publishedManifest, withVersion } from './manifest.ts'
import { alias, allPlatforms, stageOnnxruntime } from './onnxruntime.ts'
import { publishedWorkspaces, ROOT, readManifest, type Staged, type Workspace, writeManifest } from './workspaces.ts'

interface PackReport {
  readonly name: string
  readonly filename: string
}

/** Stages into `target/packages/NAME`, what is depended on first. The workspaces have to be built. */
export async function stage(target: string, platforms = allPlatforms()): Promise<Staged[]> {
  const workspaces = publishedWorkspaces()
  const tarballs = join(target, 'tarballs')
  mkdirSync(tarballs, { recursive: true })
  const words = ['pack', '--json', '--ignore-scripts', '--loglevel=error', '--pack-destination', tarballs]
  const { stdout } = await command('npm', [...words, ...workspaces.flatMap(({ name }) => ['-w', name])], { cwd: ROOT })
  const report = JSON.parse(stdout) as PackReport[] | Record<string, PackReport> // a list before npm 12, by name since
  const packed = Object.values(report).toSorted((a, b) => place(workspaces, a) - place(workspaces, b))
  const packages = await Promise.all(
    packed.map(({ name, filename }) => unpack(name, join(tarballs, filename), join(target, 'packages', name))),
  )
  const [first] = workspaces
  if (!first) throw new Error(`no workspace of ${ROOT} is to be published: every package.json there says private`)
  return [...stageOnnxruntime(target, first.manifest, platforms), ...packages]
}

function place(workspaces: readonly Workspace[], { name }: PackReport): number {
  return workspaces.findIndex((workspace) => workspace.name === name)
}

async function unpack(name: string, tarball: string, folder: string): Promise<Staged> {
  mkdirSync(folder, { recursive: true })
  await command('tar', ['-xzf', tarball, '-C', folder, '--strip-components=1'], { cwd: folder })
  writeManifest(folder, publishedManifest(readManifest(folder), alias))
  return { name, folder }
}

/** A copy of staged packages in `target`, all of them and what they ask of each other at `version`: for trying upgrades. */
export function stageAs(version: string, staged: readonly Staged[], target: string): Staged[] {
  const names = new Set(staged.map(({ name }) => name))
  return staged.map(({ name, folder }) => {
    const copy = join(target, 'packages', name)
    cpSync(folder, copy, { recursive: true })
    writeManifest(copy, withVersion(readManifest(copy), version, names))
    return { name, folder: copy }
  })
}
