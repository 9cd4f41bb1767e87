// `npm run release`: publishes every package whose version is not on the registry yet, with provenance; again after a failure it goes on
// where it stopped. The workspaces have to be built. Meant for the release workflow; with `-- --dry-run` it only says what it would do.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { unbuilt } from './built.ts'
import { command } from './command.ts'
import { isPublished, npmPublish } from './npm-publish.ts'
import { stage } from './stage.ts'
import { ROOT, readManifest } from './workspaces.ts'

const { values } = parseArgs({ options: { 'dry-run': { type: 'boolean', default: false } } })
const { missing } = unbuilt()
if (missing.length > 0) throw new Error(`no built files of ${missing.join(', ')}: run \`npm run build\` first`)

const registry = (await command('npm', ['config', 'get', 'registry', '--loglevel=error'], { cwd: ROOT })).stdout.trim()
const target = mkdtempSync(join(tmpdir(), 'kinora-release-'))
try {
  for (const staged of await stage(target)) {
    const label = `${staged.name}@${readManifest(staged.folder).version}`
    const there = await isPublished(staged, registry)
    if (!there && !values['dry-run']) await npmPublish(staged, { registry, provenance: true })
    console.log(`${label} ${there ? 'is on' : values['dry-run'] ? 'would go to' : 'published to'} ${registry}`)
  }
} finally {
  rmSync(target, { recursive: true, force: true })
}
