// For tests of what is published: the packages, staged once into a folder that goes with the process, or undefined where the
// repository is not built. Only a developer's machine may pass over that: CI builds before it tests.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { unbuilt } from './built.ts'
import { stage } from './stage.ts'
import type { Staged } from './workspaces.ts'

export async function stagedForTests(): Promise<readonly Staged[] | undefined> {
  const { missing } = unbuilt()
  if (missing.length > 0) {
    const sentence = `no built files of ${missing.join(', ')}: run \`npm run build\``
    if (process.env.CI) throw new Error(sentence)
    console.warn(`tests of the packages are skipped: ${sentence}`)
    return undefined
  }
  const target = mkdtempSync(join(tmpdir(), 'kinora-staged-'))
  process.once('exit', () => rmSync(target, { recursive: true, force: true }))
  return stage(target, [])
}
