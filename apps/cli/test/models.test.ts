// Models of a hub through the command line: pulled, listed, described, removed, and downloaded by a
// generation that names one. The hub is a real HTTP server on this machine, serving the small fixtures.

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { relativeError } from '../../../packages/kinora/test/support/compare.ts'
import { type FakeHub, startHub } from '../../../packages/kinora/test/support/hub-server.ts'
import { fixture, readSafetensors } from '../../../packages/kinora/test/support/safetensors.ts'
import { emptyFolder, events, kinora } from './support/cli.ts'

const COMMIT = '0123456789abcdef0123456789abcdef01234567'

/** Every file below a folder, by its path with slashes. */
function filesOf(folder: string, prefix = ''): Record<string, Buffer> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  const paths = names.map((entry) => join(entry.parentPath, entry.name))
  return Object.fromEntries(paths.map((path) => [prefix + path.slice(folder.length + 1).replaceAll('\\', '/'), readFileSync(path)]))
}

describe('a hub', () => {
  let hub: FakeHub
  beforeAll(async () => {
    hub = await startHub({
      'someone/small': { commit: COMMIT, files: filesOf(fixture('checkpoints/ms')) },
      'someone/half': { commit: COMMIT, files: filesOf(fixture('checkpoints/ms-fp16')) },
      'yhzhai/mcm': { commit: COMMIT, files: filesOf(fixture('checkpoints/ms-lora/peft'), 'modelscopet2v-laion/') },
    })
  })
  afterAll(() => hub.close())

  const settings = () => {
    const cwd = emptyFolder()
    return { cwd, env: { HF_HOME: join(cwd, 'hf'), HF_ENDPOINT: hub.endpoint, HF_TOKEN: '', HF_HUB_OFFLINE: '' } }
  }

  test('pull, list, info and rm', async () => {
    const options = settings()
    const pulled = await kinora(['models', 'pull', 'someone/small'], options)
    expect(pulled.code, pulled.stderr).toBe(0)
    const path = pulled.stdout.trimEnd()
    expect(existsSync(join(path, 'model_index.json'))).toBe(true)
    const again = await kinora(['models', 'pull', 'someone/small', '--json'], options)
    expect(events(again.stdout).at(-1)).toMatchObject({ event: 'pulled', repo: 'someone/small', commit: COMMIT, downloaded: 0, path })
    const listed = await kinora(['models', 'list'], options)
    expect(listed.stdout).toMatch(/someone\/small +\d.* main +used 20/)
    expect(listed.stdout).toMatch(/zeroscope-v2-576w +cerspense\/zeroscope_v2_576w/)
    const info = await kinora(['models', 'info', 'someone/small'], options)
    expect(info.stdout).toContain('complete')
    expect(info.stdout).toMatch(/unet\/diffusion_pytorch_model\.safetensors {2}\(here\)/)
    const removed = await kinora(['models', 'rm', 'someone/small'], options)
    expect(removed.stdout).toMatch(/^removed someone\/small: .* freed\n$/)
    expect(existsSync(path)).toBe(false)
    expect((await kinora(['models', 'rm', 'someone/small'], options)).code).toBe(1)
  })

  test('generate downloads the model it names, and works offline from then on', async () => {
    const options = settings()
    const args = ['generate', 'Spiderman is surfing', '--seed', '7', '--steps', '5', '--frames', '4', '-m', 'someone/small', '--json']
    const first = await kinora([...args, '-o', 'a.safetensors'], options)
    expect(first.code, first.stderr).toBe(0)
    expect(events(first.stdout).some(({ phase }) => phase === 'downloading')).toBe(true)
    const offline = { ...options, env: { ...options.env, HF_HUB_OFFLINE: '1' } }
    const second = await kinora([...args, '-o', 'b.safetensors'], offline)
    expect(second.code, second.stderr).toBe(0)
    const expected = readSafetensors(fixture('expected/ms.safetensors')).get('run.ddim.latents')!
    for (const name of ['a', 'b'])
      expect(relativeError(readSafetensors(join(options.cwd, `${name}.safetensors`)).get('latents')!, expected)).toBeLessThan(1e-3)
    expect(events(second.stdout).find(({ event }) => event === 'saved')).toMatchObject({ request: { model: 'someone/small' } })
  })

  test('the variant that is asked for is the checkpoint’s, not the adapter’s', async () => {
    const options = settings()
    const args = [
      'generate',
      'a cat',
      '-m',
      'someone/half',
      '--variant',
      'fp16',
      '--fast',
      '--frames',
      '2',
      '--steps',
      '1',
      '-o',
      'a.safetensors',
    ]
    const { code, stderr } = await kinora(args, options)
    expect(code, stderr).toBe(0)
  })

  test('--fast brings the adapter with its scheduler, steps and guidance', async () => {
    const options = settings()
    const args = ['generate', 'Spiderman is surfing', '--seed', '32', '--frames', '4', '-m', 'someone/small', '--fast']
    const { code, stdout, stderr } = await kinora([...args, '-o', 'a.safetensors', '--json'], options)
    expect(code, stderr).toBe(0)
    expect(events(stdout).find(({ event }) => event === 'saved')).toMatchObject({
      request: { scheduler: 'LCMScheduler', numInferenceSteps: 4, guidanceScale: 1, loras: [{ name: 'mcm', scale: 1 }] },
    })
    const expected = readSafetensors(fixture('expected/ms-lora.safetensors')).get('run.lcm_4.latents')!
    expect(relativeError(readSafetensors(join(options.cwd, 'a.safetensors')).get('latents')!, expected)).toBeLessThan(1e-3)
  })

  test.each([
    [['models', 'pull', 'someone/else'], 1, 'someone/else'],
    [['models', 'pull', 'no name'], 2, "'no name' names no model"],
    [['models', 'pull'], 2, "missing required argument 'name'"],
    [['models', 'info', 'someone/else'], 1, 'someone/else'],
    [['models', 'frobnicate'], 2, "unknown command 'frobnicate'"],
    [['generate', 'a cat', '-m', 'someone/else'], 1, 'someone/else'],
    [['generate', 'a cat', '-m', './someone/else'], 1, 'does not exist'],
  ])('%j is refused', async (args, code, says) => {
    const ended = await kinora(args, settings())
    expect(ended.stderr).toContain(says)
    expect(ended.code).toBe(code)
  })

  test('a known model is described although the hub cannot be reached', async () => {
    const { code, stdout } = await kinora(['models', 'info', 'zeroscope-xl'], { ...settings(), env: { HF_HUB_OFFLINE: '1' } })
    expect(code).toBe(0)
    for (const part of ['1024x576', '24 frames', 'cc-by-nc-4.0', 'watermark none', 'cerspense/zeroscope_v2_XL'])
      expect(stdout).toContain(part)
  })
})
