// Adapters and textual inversions through the command line: the reference's runs in each published form.

import { cpSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readMetadata } from 'kinora'
import { describe, expect, test } from 'vitest'
import { relativeError } from '../../../packages/kinora/test/support/compare.ts'
import { fixture, readSafetensors } from '../../../packages/kinora/test/support/safetensors.ts'
import { parseLora } from '../src/load-options.ts'
import { contents, emptyFolder, kinora, MS } from './support/cli.ts'

const LCM = ['--scheduler', 'LCMScheduler', '--scheduler-config', '{"timestep_scaling": 4}', '--guidance', '1']
const expected = readSafetensors(fixture('expected/ms-lora.safetensors'))

describe.concurrent('--lora', () => {
  test.each(['peft', 'diffusers/pytorch_lora_weights.safetensors', 'kohya/adapter.safetensors@1'])(
    '%s',
    async (name) => {
      const cwd = emptyFolder()
      const lora = ['--lora', fixture(`checkpoints/ms-lora/${name}`)]
      for (const [steps, seed] of [
        [1, 31],
        [4, 32],
        [8, 33],
      ]) {
        const out = `${steps}.safetensors`
        const args = ['Spiderman is surfing', '-m', MS, '--steps', String(steps), '--seed', String(seed), '--frames', '4', '-o', out]
        const { code, stderr } = await kinora(['generate', ...args, ...lora, ...LCM], { cwd })
        expect(code, stderr).toBe(0)
        const actual = readSafetensors(join(cwd, out))
        for (const part of ['latents', 'frames'])
          expect(relativeError(actual.get(part)!, expected.get(`run.lcm_${steps}.${part}`)!), part).toBeLessThan(1e-3)
      }
      const file = name.replace(/@.*/, '').replace(/.*\//, '')
      expect(await readMetadata(join(cwd, '4.safetensors'))).toMatchObject({ loras: [{ name: file, scale: 1 }] })
    },
    180_000,
  )

  test('scale 0 changes nothing, and two halves are one whole', async () => {
    const cwd = emptyFolder()
    const make = (out: string, ...loras: string[]) =>
      kinora(
        [
          'generate',
          'a cat',
          '-m',
          MS,
          '--steps',
          '2',
          '--seed',
          '1',
          '--frames',
          '2',
          '-o',
          out,
          ...loras.flatMap((each) => ['--lora', each]),
        ],
        {
          cwd,
        },
      )
    const lora = fixture('checkpoints/ms-lora/peft')
    const runs = [
      make('plain.safetensors'),
      make('zero.safetensors', `${lora}@0`),
      make('whole.safetensors', lora),
      make('halves.safetensors', `${lora}@0.5`, `${lora}@0.5`),
    ]
    for (const { code, stderr } of await Promise.all(runs)) expect(code, stderr).toBe(0)
    const latents = (name: string) => readSafetensors(join(cwd, `${name}.safetensors`)).get('latents')!
    expect(latents('zero')).toEqual(latents('plain'))
    expect(relativeError(latents('halves'), latents('whole'))).toBeLessThan(1e-4)
    expect(relativeError(latents('whole'), latents('plain'))).toBeGreaterThan(1e-3)
  })

  test.each([
    [['--lora', 'none.safetensors'], 2, 'none.safetensors'],
    [['--lora', 'text.safetensors'], 1, 'text.safetensors'],
    [['--lora', '@0.5'], 2, 'names no file'],
    [['--embedding', 'none.pt'], 1, 'none.pt'],
    [['--fast', '--scheduler', 'ddim'], 2, '--fast and --scheduler exclude each other'],
  ])('%j is refused', async (args, code, says) => {
    const cwd = emptyFolder()
    writeFileSync(join(cwd, 'text.safetensors'), 'not an adapter')
    const ended = await kinora(['generate', 'a cat', '-m', MS, ...args], { cwd, env: { HF_HUB_OFFLINE: '1' } })
    expect(ended.stderr).toContain(says)
    expect(ended.code).toBe(code)
    expect(contents(cwd)).toEqual(['text.safetensors'])
  })
})

test('a textual inversion gives the prompt a word; prompt weights change what is drawn', async () => {
  const cwd = emptyFolder()
  cpSync(fixture('textual-inversions'), join(cwd, 'embeddings'), { recursive: true })
  const file = contents(join(cwd, 'embeddings')).find((name) => name.endsWith('.safetensors') && !name.includes('/'))!
  const make = (prompt: string, out: string, ...args: string[]) =>
    kinora(['generate', prompt, '-m', MS, '--steps', '2', '--seed', '1', '--frames', '2', '-o', out, ...args], { cwd })
  const word = file.replace(/\.\w+$/, '')
  const runs = await Promise.all([
    make(`a (cat) in ${word}`, 'plain.safetensors'),
    make(`a (cat) in ${word}`, 'added.safetensors', '--embedding', join('embeddings', file)),
    make(`a (cat) in ${word}`, 'weighted.safetensors', '--prompt-weights'),
  ])
  for (const { code, stderr } of runs) expect(code, stderr).toBe(0)
  expect(await readMetadata(join(cwd, 'weighted.safetensors'))).toMatchObject({ promptWeights: true })
  const [plain, weighted] = ['plain', 'weighted'].map((name) => readSafetensors(join(cwd, `${name}.safetensors`)).get('latents')!)
  expect(weighted).not.toEqual(plain)
})

test.each([
  ['a.safetensors', 'a.safetensors', 1],
  ['a.safetensors@0.5', 'a.safetensors', 0.5],
  ['owner/name@main', 'owner/name@main', 1],
  ['owner/name@main@-0.25', 'owner/name@main', -0.25],
  ['folder@', 'folder@', 1],
])('--lora %s', (text, path, scale) => {
  expect(parseLora(text)).toEqual({ path, scale })
})
