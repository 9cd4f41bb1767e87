// Which files are taken of which repository: recorded listings of the published models, and cases that they do not have.

import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { CheckpointError } from '../../errors.ts'
import { PRESETS } from '../presets.ts'
import { chooseFiles } from './choose-files.ts'
import type { FileEntry } from './repo-files.ts'

const RECORDED = path.resolve(import.meta.dirname, '../../../test/fixtures/hub')

interface Recorded {
  repo: string
  revision?: string
  files: FileEntry[]
}

const recorded = readdirSync(RECORDED).map((name) => JSON.parse(readFileSync(path.join(RECORDED, name), 'utf8')) as Recorded)

function listing(repo: string | undefined, revision?: string): FileEntry[] {
  const found = recorded.find((one) => one.repo === repo && one.revision === revision)
  if (!found) throw new Error(`no listing of ${repo} is recorded`)
  return found.files
}

const bytes = (files: readonly FileEntry[]) => files.reduce((sum, { size }) => sum + size, 0)
const paths = (files: readonly FileEntry[]) => files.map((file) => file.path)
const entries = (...names: string[]): FileEntry[] => names.map((name) => ({ path: name, size: 1 }))
const DIFFUSERS = [
  'model_index.json',
  'scheduler/scheduler_config.json',
  'text_encoder/config.json',
  'tokenizer/merges.txt',
  'tokenizer/vocab.json',
  'unet/config.json',
  'vae/config.json',
]
const weights = (...names: string[]) => entries(...DIFFUSERS, ...names)
const chosenWeights = (files: readonly FileEntry[], options = {}) =>
  paths(chooseFiles(files, options).files).filter((name) => !DIFFUSERS.includes(name))
const refusal = (files: readonly FileEntry[], options = {}): string => {
  try {
    chooseFiles(files, options)
  } catch (error) {
    expect(error).toBeInstanceOf(CheckpointError)
    return (error as Error).message
  }
  return 'nothing was thrown'
}

it.each(PRESETS.map((preset) => [preset.name, preset] as const))("finds the files of %s in its repository's listing", (_, preset) => {
  const { layout, files, missing, variant } = chooseFiles(listing(preset.repos[0]), {
    ...(preset.subfolder === undefined ? {} : { subfolder: preset.subfolder }),
    ...(preset.variant === undefined ? {} : { variant: preset.variant }),
  })
  expect(layout).toBe(preset.layout === 'peft' ? 'lora' : preset.layout)
  expect(missing).toEqual([])
  expect(variant).toBe(preset.variant)
  const pickles = files.filter((file) => /\.(?:bin|pth)$/.test(file.path))
  if (layout === 'diffusers') expect(pickles.length === 0 || pickles.length === 3).toBe(true)
  if (preset.downloadBytes !== undefined) expect(Math.abs(bytes(files) / preset.downloadBytes - 1)).toBeLessThan(0.01)
  if (preset.safetensorsRevision !== undefined) {
    const safe = chooseFiles(listing(preset.repos[0], preset.safetensorsRevision)).files
    expect(paths(safe).filter((name) => /\.(?:bin|pth)$/.test(name))).toEqual([])
    expect(safe.length).toBe(files.length)
  }
})

it('takes of the base model exactly these', () => {
  const base = listing('damo-vilab/text-to-video-ms-1.7b')
  const half = chooseFiles(base, { preferHalf: true })
  expect(paths(half.files)).toEqual([
    'model_index.json',
    'scheduler/scheduler_config.json',
    'text_encoder/config.json',
    'unet/config.json',
    'vae/config.json',
    'tokenizer/merges.txt',
    'tokenizer/special_tokens_map.json',
    'tokenizer/tokenizer_config.json',
    'tokenizer/vocab.json',
    'text_encoder/model.fp16.safetensors',
    'unet/diffusion_pytorch_model.fp16.safetensors',
    'vae/diffusion_pytorch_model.fp16.safetensors',
  ])
  expect(half).toMatchObject({ entry: '', variant: 'fp16' })
  expect(bytes(half.files)).toBe(3_672_395_411)
  const plain = chooseFiles(base)
  expect(plain.variant).toBeUndefined()
  expect(paths(plain.files).slice(-3)).toEqual([
    'text_encoder/model.safetensors',
    'unet/diffusion_pytorch_model.safetensors',
    'vae/diffusion_pytorch_model.safetensors',
  ])
})

it('takes the plain files of a fine-tune whatever is preferred, and not its second layout', () => {
  const zeroscope = listing('cerspense/zeroscope_v2_576w')
  expect(chooseFiles(zeroscope, { preferHalf: true }).variant).toBeUndefined()
  expect(paths(chooseFiles(zeroscope, { preferHalf: true }).files).join(' ')).not.toMatch(/zs2_|\.pth/)
  const original = chooseFiles(zeroscope, { subfolder: 'zs2_576w' })
  expect(original).toMatchObject({ layout: 'modelscope', entry: 'zs2_576w', missing: [] })
  expect(paths(original.files)).toEqual([
    'zs2_576w/text2video_pytorch_model.pth',
    'zs2_576w/open_clip_pytorch_model.bin',
    'vae/config.json',
    'vae/diffusion_pytorch_model.bin',
    'scheduler/scheduler_config.json',
    'tokenizer/merges.txt',
    'tokenizer/special_tokens_map.json',
    'tokenizer/tokenizer_config.json',
    'tokenizer/vocab.json',
  ])
  const alone = entries('a/text2video_pytorch_model.pth')
  expect(chooseFiles(alone, { subfolder: 'a' })).toMatchObject({
    files: alone,
    missing: ['open_clip_pytorch_model.bin', 'VQGAN_autoencoder.pth'],
  })
})

it('takes the autoencoder that several models share', () => {
  const shared = chooseFiles(listing('cerspense/zeroscope_v2_1111models'), { subfolder: 'zs2_XL' })
  expect(paths(shared.files)).toEqual([
    'zs2_XL/configuration.json',
    'zs2_XL/text2video_pytorch_model.pth',
    'zs2_XL/open_clip_pytorch_model.bin',
    'VQGAN_autoencoder.pth',
  ])
})

it('prefers safetensors, then the variant asked for or the plain file, for each component alone', () => {
  const unet = ['unet/diffusion_pytorch_model.bin', 'unet/diffusion_pytorch_model.fp16.bin', 'unet/diffusion_pytorch_model.safetensors']
  const rest = ['text_encoder/model.safetensors', 'text_encoder/pytorch_model.bin', 'vae/diffusion_pytorch_model.fp16.safetensors']
  const files = weights(...unet, ...rest)
  expect(chosenWeights(files)).toEqual([
    'text_encoder/model.safetensors',
    'unet/diffusion_pytorch_model.safetensors',
    'vae/diffusion_pytorch_model.fp16.safetensors',
  ])
  expect(chosenWeights(files, { variant: 'fp16' })[1]).toBe('unet/diffusion_pytorch_model.fp16.bin')
  expect(chosenWeights(files, { preferHalf: true })[1]).toBe('unet/diffusion_pytorch_model.safetensors')
  expect(chosenWeights(weights(...unet.slice(0, 2), ...rest), { preferHalf: true })[1]).toBe('unet/diffusion_pytorch_model.fp16.bin')
})

it('takes whole sets of shards only', () => {
  const shard = (i: number) => `unet/diffusion_pytorch_model.fp16-0000${i}-of-00002.safetensors`
  const index = 'unet/diffusion_pytorch_model.fp16.safetensors.index.json'
  const rest = ['text_encoder/model-00001-of-00001.fp16.safetensors', 'text_encoder/model.safetensors.index.fp16.json']
  const vae = 'vae/diffusion_pytorch_model.safetensors'
  expect(chosenWeights(weights(shard(1), shard(2), index, ...rest, vae), { variant: 'fp16' })).toEqual([
    'text_encoder/model.safetensors.index.fp16.json',
    'text_encoder/model-00001-of-00001.fp16.safetensors',
    index,
    shard(1),
    shard(2),
    vae,
  ])
  expect(refusal(weights(shard(1), index, ...rest, vae))).toBe(
    `the repository has no complete weights in unet/: there is config.json, diffusion_pytorch_model.fp16-00001-of-00002.safetensors, diffusion_pytorch_model.fp16.safetensors.index.json`,
  )
  expect(refusal(weights(shard(1), shard(2), ...rest, vae))).toMatch(/no complete weights in unet/)
})

it('finds adapters in their three forms', () => {
  const peft = entries('a/adapter_config.json', 'a/adapter_model.safetensors', 'a/unet_lora/pytorch_lora_weights.safetensors', 'README.md')
  expect(chooseFiles(peft, { subfolder: 'a' })).toMatchObject({
    layout: 'lora',
    entry: 'a',
    files: [{}, { path: 'a/adapter_model.safetensors' }],
  })
  expect(chooseFiles(peft, { subfolder: 'a/unet_lora' })).toMatchObject({
    entry: 'a/unet_lora/pytorch_lora_weights.safetensors',
    files: [{}],
  })
  expect(chooseFiles(entries('unet_lora.pt', 'README.md'))).toMatchObject({ layout: 'lora', entry: 'unet_lora.pt' })
  expect(chooseFiles(entries('a.safetensors', 'a.pt'))).toMatchObject({ entry: 'a.safetensors' })
  expect(chooseFiles(entries('a.safetensors', 'b.safetensors'), { subfolder: 'b.safetensors' })).toMatchObject({ entry: 'b.safetensors' })
  expect(chooseFiles(entries('unet.pt', 'text_encoder.pt'))).toMatchObject({ entry: '', files: [{}, {}] })
  expect(refusal(entries('a.safetensors', 'b.safetensors'))).toMatch(
    /several adapters: name one of a\.safetensors, b\.safetensors behind the repository/,
  )
  expect(refusal(entries('adapter_model.safetensors'))).toMatch(/has no adapter_config\.json/)
  expect(refusal(entries('README.md'), { subfolder: 'README.md' })).toMatch(/README\.md of the repository is no adapter/)
})

it.each([
  [[], 'owner/x holds no text-to-video model and no adapter: there is nothing'],
  [
    entries('README.md', 'config.json', 'diffusion_pytorch_model.safetensors'),
    /no text-to-video model and no adapter: there is README\.md, config\.json/,
  ],
  [listing('cerspense/zeroscope_v2_1111models').slice(3), /it has models in zs2_448w, zs2_576w, zs2_XL: name one as owner\/name\/FOLDER/],
  [weights().filter((file) => !file.path.startsWith('vae')), /no complete weights in text_encoder\/: there is config\.json/],
  [entries('model_index.json'), /no complete weights in text_encoder\/: there is nothing/],
])('explains what it does not find in %j', (files, message) => {
  expect(refusal(files, { source: 'owner/x' })).toMatch(message)
})

it('misses a config or a tokenizer', () => {
  const all = weights('text_encoder/pytorch_model.bin', 'unet/diffusion_pytorch_model.bin', 'vae/diffusion_pytorch_model.bin')
  expect(chooseFiles(all).files.length).toBe(10)
  for (const name of DIFFUSERS.slice(1))
    expect(refusal(all.filter((file) => file.path !== name))).toMatch(
      name.startsWith('tokenizer') ? /no complete tokenizer/ : `has no ${name}`,
    )
})
