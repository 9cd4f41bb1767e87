// The cache is shared with Python's huggingface_hub: what one pulls, the other reads. Runs where KINORA_TEST_PYTHON names an
// interpreter that has huggingface_hub.

import { execFile, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { modelFiles } from '../../../test/support/hub-files.ts'
import { type FakeHub, startHub } from '../../../test/support/hub-server.ts'
import { cachedModels, modelStatus, pullModel, removeModel } from './hub.node.ts'

const PYTHON = process.env.KINORA_TEST_PYTHON ?? ''
const found = PYTHON !== '' && spawnSync(PYTHON, ['-c', 'import huggingface_hub']).status === 0
const COMMIT = 'f'.repeat(40)
const FILES = modelFiles(100_000)
let hub: FakeHub
let temp: string

beforeAll(async () => {
  temp = mkdtempSync(path.join(tmpdir(), 'kinora-python-'))
  hub = await startHub({ 'owner/model': { commit: COMMIT, files: FILES } })
})
afterAll(async () => {
  await hub.close()
  rmSync(temp, { recursive: true, force: true })
})

async function python(cache: string, script: string): Promise<unknown> {
  const env = { PATH: process.env.PATH, HF_HUB_CACHE: cache, HF_ENDPOINT: hub.endpoint, HF_HOME: temp, HF_HUB_DISABLE_TELEMETRY: '1' }
  const { stdout } = await promisify(execFile)(PYTHON, ['-c', `import json\nfrom huggingface_hub import *\n${script}`], { env })
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '')
}

const downloads = () => hub.hits.filter(({ method, path: file }) => method === 'GET' && file in FILES)

it.skipIf(!found)('is read by Python after a pull of ours', async () => {
  const cache = path.join(temp, 'ours')
  const pulled = await pullModel('owner/model', { cache, endpoint: hub.endpoint, env: {} })
  const absent = path.join(cache, 'models--owner--model/.no_exist', COMMIT, 'tokenizer')
  mkdirSync(absent, { recursive: true })
  writeFileSync(path.join(absent, 'added_tokens.json'), '')
  hub.hits.length = 0
  const seen = await python(
    cache,
    `
from huggingface_hub import _CACHED_NO_EXIST
info = scan_cache_dir()
repo, = info.repos
revision, = repo.revisions
print(json.dumps({
  "offline": snapshot_download("owner/model", local_files_only=True),
  "one": try_to_load_from_cache("owner/model", "unet/config.json"),
  "absent": try_to_load_from_cache("owner/model", "tokenizer/added_tokens.json") is _CACHED_NO_EXIST,
  "online": hf_hub_download("owner/model", "vae/diffusion_pytorch_model.safetensors"),
  "warnings": [str(warning) for warning in info.warnings], "repo": repo.repo_id, "bytes": repo.size_on_disk, "files": repo.nb_files,
  "commit": revision.commit_hash, "refs": sorted(revision.refs), "unfinished": len(info.incomplete_files),
}))`,
  )
  expect(seen).toEqual({
    offline: pulled.path,
    one: path.join(pulled.path, 'unet/config.json'),
    absent: true,
    online: path.join(pulled.path, 'vae/diffusion_pytorch_model.safetensors'),
    warnings: [],
    repo: 'owner/model',
    bytes: pulled.bytes,
    files: pulled.files.length,
    commit: COMMIT,
    refs: ['main'],
    unfinished: 0,
  })
  expect(downloads()).toEqual([])
})

it.skipIf(!found)('is read by us after a pull of Python, offline too', async () => {
  const cache = path.join(temp, 'theirs')
  const options = { cache, endpoint: hub.endpoint, env: {} }
  const pull = `print(json.dumps(snapshot_download("owner/model", ignore_patterns=["*.bin", "*.msgpack", "*.pth", "*.fp16.*"])))`
  const folder = await python(cache, pull)
  const offline = await pullModel('owner/model', { ...options, offline: true })
  expect(offline).toMatchObject({ path: folder, layout: 'diffusers', commit: COMMIT })
  expect(await modelStatus('owner/model', options)).toMatchObject({ state: 'complete', bytes: offline.bytes })
  hub.hits.length = 0
  expect(await pullModel('owner/model', options)).toMatchObject({ path: folder, downloaded: 0, confirmed: true })
  expect(hub.hits.map((hit) => hit.path)).toEqual(['/api/models/owner/model/revision/main'])
  expect(await cachedModels(options)).toMatchObject([{ repo: 'owner/model', revisions: [{ commit: COMMIT, refs: ['main'] }] }])
  const half = await pullModel('owner/model', { ...options, preferHalf: true })
  expect(half.downloaded).toBe(190_000)
  // What we add, Python takes as its own.
  hub.hits.length = 0
  const added = `print(json.dumps(hf_hub_download("owner/model", "unet/diffusion_pytorch_model.fp16.safetensors")))`
  expect(await python(cache, added)).toBe(path.join(half.path, 'unet/diffusion_pytorch_model.fp16.safetensors'))
  expect(downloads()).toEqual([])
  expect((await removeModel('owner/model', options)).commits).toEqual([COMMIT])
  expect(await python(cache, 'print(json.dumps(len(scan_cache_dir().repos)))')).toBe(0)
})
