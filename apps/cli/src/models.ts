// `kinora models list` and `rm`.

import type { CachedModel } from 'kinora'
import { cachedModels, PRESETS, removeModel } from 'kinora'
import type { ModelFlags } from './commands/models.ts'
import { bytes } from './format.ts'

export async function listModels({ all = false, json = false }: ModelFlags): Promise<void> {
  const cached = await cachedModels({ all })
  if (json) return void process.stdout.write(`${JSON.stringify({ cached, presets: PRESETS })}\n`)
  const here = cached.length === 0 ? ['  none yet'] : columns(cached.map(cachedRow))
  const known = columns(PRESETS.map(({ name, repos, subfolder, title }) => [name, [repos[0], subfolder].filter(Boolean).join('/'), title]))
  process.stdout.write(`${['On this machine:', ...here, '', 'Known by a short name:', ...known].join('\n')}\n`)
}

function cachedRow({ repo, bytes: size, unfinished, revisions, lastUsed, presets }: CachedModel): string[] {
  const refs = revisions.map((revision) => revision.refs[0] ?? revision.commit.slice(0, 8))
  const state = unfinished > 0 ? `, ${bytes(unfinished)} of it unfinished` : ''
  return [repo, `${bytes(size)}${state}`, refs.join(', '), `used ${lastUsed.toISOString().slice(0, 10)}`, presets.join(', ')]
}

export async function removeModels(names: readonly string[], { json = false }: ModelFlags): Promise<void> {
  for (const name of names) {
    const removed = await removeModel(name)
    process.stdout.write(
      json ? `${JSON.stringify({ event: 'removed', ...removed })}\n` : `removed ${name}: ${bytes(removed.bytes)} freed\n`,
    )
  }
}

/** Rows as lines, each column as wide as its widest entry. */
function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = rows.reduce<number[]>((max, row) => row.map((cell, i) => Math.max(max[i] ?? 0, cell.length)), [])
  return rows.map((row) => `  ${row.map((cell, i) => cell.padEnd(widths[i]!)).join('  ')}`.trimEnd())
}
