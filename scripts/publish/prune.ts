// The end of `npm run build`: removes from the built folders what has no source any more. The compiler leaves such files lying,
// and `npm pack` would publish them.

import { existsSync, globSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { publishedWorkspaces, ROOT } from './workspaces.ts'

const COMPILED = /\.(?:js|d\.ts)$/

/** Paths under `folder/dist` that no file of `folder/src` would give; nothing for what another tool builds. */
export function orphans(folder: string): string[] {
  if (!existsSync(join(folder, 'tsconfig.build.json'))) return []
  return globSync('dist/**/*.{js,d.ts}', { cwd: folder }).filter((path) => {
    const stem = join(folder, path.replace(/^dist/, 'src').replace(COMPILED, ''))
    return !existsSync(`${stem}.ts`) || stem.endsWith('.test')
  })
}

if (import.meta.main)
  for (const { folder } of publishedWorkspaces())
    for (const path of orphans(join(ROOT, folder))) {
      console.log(`removed ${folder}/${path}: it has no source any more`)
      rmSync(join(ROOT, folder, path))
    }
