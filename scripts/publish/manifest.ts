// package.json as it is published: without what only this repository has (sources, scripts, development dependencies) and asking
// for our copy of ONNX Runtime. All pure; stage.ts applies it.

import type { Manifest } from './workspaces.ts'

/** The condition under which this repository runs its sources, which are not packed. */
const DEV_CONDITION = 'kinora-dev'
const REPOSITORY_ONLY = ['scripts', 'devDependencies']

type Dependencies = Readonly<Record<string, string>>

/** `aliases`: what to ask for instead of a dependency, by its name. */
export function publishedManifest(manifest: Manifest, aliases: (name: string, range: string) => string): Manifest {
  const change = (field: string, value: unknown): unknown => {
    if (field === 'exports' || field === 'imports') return withoutDevCondition(value)
    if (field === 'sideEffects') return withoutSources(value)
    return field === 'dependencies' ? mapRanges(value as Dependencies, aliases) : value
  }
  const kept = Object.entries(manifest).filter(([field]) => !REPOSITORY_ONLY.includes(field))
  return Object.fromEntries(kept.map(([field, value]) => [field, change(field, value)])) as Manifest
}

/** Itself and what it asks of `names` at `version`. */
export function withVersion(manifest: Manifest, version: string, names: ReadonlySet<string>): Manifest {
  const own = (name: string, range: string) => (names.has(name) ? version : range)
  const { dependencies, peerDependencies } = manifest
  return {
    ...manifest,
    version,
    ...(dependencies && { dependencies: mapRanges(dependencies, own) }),
    ...(peerDependencies && { peerDependencies: mapRanges(peerDependencies, own) }),
  }
}

function mapRanges(ranges: Dependencies, change: (name: string, range: string) => string): Dependencies {
  return Object.fromEntries(Object.entries(ranges).map(([name, range]) => [name, change(name, range)]))
}

function withoutDevCondition(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  const kept = Object.entries(value).filter(([condition]) => condition !== DEV_CONDITION)
  return Object.fromEntries(kept.map(([condition, target]) => [condition, withoutDevCondition(target)]))
}

function withoutSources(sideEffects: unknown): unknown {
  return Array.isArray(sideEffects) ? sideEffects.filter((path) => !String(path).startsWith('./src/')) : sideEffects
}
