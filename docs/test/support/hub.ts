// A hub on this machine that serves the library's small checkpoints under the names of the published models, so that commands of
// the documentation download, show and run what they name, in seconds instead of gigabytes.

import { readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { type FakeHub, startHub } from '../../../packages/kinora/test/support/hub-server.ts'
import { fixture } from '../../../packages/kinora/test/support/safetensors.ts'

const COMMIT = 'c'.repeat(40)

function filesOf(folder: string, prefix = ''): Record<string, Buffer> {
  const root = fixture(`checkpoints/${folder}`)
  const names = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => statSync(path.join(root, name)).isFile())
  return Object.fromEntries(names.map((name) => [prefix + name.replaceAll('\\', '/'), readFileSync(path.join(root, name))]))
}

/** Models in both precisions, and the adapters of `--fast`. */
export function startModels(): Promise<FakeHub> {
  const both = { ...filesOf('ms'), ...filesOf('ms-fp16') }
  const models = ['damo-vilab/text-to-video-ms-1.7b', 'cerspense/zeroscope_v2_576w', 'cerspense/zeroscope_v2_XL']
  const looks = ['laion', 'anime', 'real', 'webvid', '3d-cartoon']
  const adapters = Object.assign({}, ...looks.map((look) => filesOf('ms-lora/peft', `modelscopet2v-${look}/`))) as Record<string, Buffer>
  return startHub({
    ...Object.fromEntries(models.map((name) => [name, { commit: COMMIT, files: both }])),
    'yhzhai/mcm': { commit: COMMIT, files: adapters },
  })
}
