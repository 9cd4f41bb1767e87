// Whole checkpoints on disk: the reference's folders, every file layout that diffusers writes, and what is
// said about folders that are none.

import { cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { ArgumentError, CheckpointError } from '../errors.ts'
import { encodeSafetensors } from '../tensor/safetensors.ts'
import { type Tensor, tensor } from '../tensor/tensor.ts'
import { openCheckpoint } from './open.ts'

const FIXTURES = fileURLToPath(new URL('../../test/fixtures/checkpoints/', import.meta.url))
const TEMP = mkdtempSync(path.join(tmpdir(), 'kinora-open-'))
afterAll(() => rmSync(TEMP, { recursive: true, force: true }))

const UNET = 'unet/diffusion_pytorch_model'
const VAE = 'vae/diffusion_pytorch_model'
const TEXT = 'text_encoder/model'
const Q = 'decoder.mid_block.attentions.0'

/** A fresh checkpoint of the right form with one tiny tensor per component. */
let root = ''
let count = 0
beforeEach(() => {
  root = path.join(TEMP, `checkpoint-${count++}`)
  for (const part of ['model_index.json', 'scheduler', 'tokenizer', 'unet/config.json', 'vae/config.json', 'text_encoder/config.json'])
    cpSync(path.join(FIXTURES, 'ms', part), path.join(root, part), { recursive: true })
  for (const stem of [UNET, VAE, TEXT]) weights(`${stem}.safetensors`, { w: tensor('float32', [2]) })
})

function write(name: string, data: string | Uint8Array): void {
  mkdirSync(path.dirname(path.join(root, name)), { recursive: true })
  writeFileSync(path.join(root, name), data)
}

function weights(name: string, tensors: Record<string, Tensor>): void {
  write(name, Buffer.concat(encodeSafetensors(tensors)))
}

function editJson(name: string, change: Record<string, unknown>): void {
  write(name, JSON.stringify({ ...JSON.parse(readFileSync(path.join(root, name), 'utf8')), ...change }))
}

const remove = (name: string) => rmSync(path.join(root, name), { recursive: true })
const rename = (from: string, to: string) => renameSync(path.join(root, from), path.join(root, to))

async function messageOf(folder = root, variant?: string): Promise<string> {
  const error: unknown = await openCheckpoint(folder, variant === undefined ? {} : { variant }).then(
    () => 'no error',
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(CheckpointError)
  return (error as CheckpointError).message.replaceAll(root, 'ROOT')
}

describe.each(['ms', 'odd', 'ms-fp16', 'ms-bin'])('reference checkpoint %s', (name) => {
  it('opens', async () => {
    const checkpoint = await openCheckpoint(path.join(FIXTURES, name))
    expect(checkpoint.configs.unet._class_name).toBe('UNet3DConditionModel')
    expect(checkpoint.configs.scheduler._class_name).toBe('DDIMScheduler')
    expect(checkpoint.configs.text_encoder.vocab_size).toBe(668)
    expect(checkpoint.tokenizer.merges).toHaveLength(154)
    expect(checkpoint.tokenizer.merges[1]).toBe('in g</w>')
    const text = checkpoint.weights('text_encoder')
    expect(text.has('embeddings.token_embedding.weight')).toBe(true)
    expect(text.unused().some((key) => key.startsWith('text_model.'))).toBe(false)
    expect(checkpoint.weights('vae').has(`${Q}.to_q.weight`)).toBe(true)
  })
})

it('gives entries that point at the bytes, and a fresh cursor each time', async () => {
  weights(`${UNET}.safetensors`, { a: tensor('uint8', [0]), w: tensor('float32', [2], new Float32Array([3, 4])) }) // rejected below
  expect(await messageOf()).toContain('a of ROOT/unet/diffusion_pytorch_model.safetensors is U8')
  weights(`${UNET}.safetensors`, { v: tensor('float64', [1]), w: tensor('float32', [2], new Float32Array([3, 4])) })
  const checkpoint = await openCheckpoint(root)
  const { path: file, byteOffset, byteLength } = checkpoint.weights('unet').get('w', [2])
  const bytes = readFileSync(file).subarray(byteOffset, byteOffset + byteLength)
  expect(new Float32Array(new Uint8Array(bytes).buffer)).toEqual(new Float32Array([3, 4]))
  expect(checkpoint.weights('unet').unused()).toEqual(['v', 'w'])
})

describe('tensor names', () => {
  it('maps those of old VAEs and says the old name in messages', async () => {
    weights(`${VAE}.safetensors`, {
      [`${Q}.query.weight`]: tensor('float32', [4, 4, 1, 1]),
      [`${Q}.proj_attn.bias`]: tensor('float32', [4]),
    })
    const vae = (await openCheckpoint(root)).weights('vae')
    expect(vae.get(`${Q}.to_q.weight`, [4, 4]).byteLength).toBe(64)
    expect(() => vae.get(`${Q}.to_out.0.bias`, [8])).toThrow(`${Q}.to_out.0.bias (${Q}.proj_attn.bias in the file) has shape [4]`)
  })

  it('drops position_ids, whatever its dtype', async () => {
    weights(`${TEXT}.safetensors`, {
      'text_model.embeddings.position_ids': tensor('int64', [1, 77]),
      'text_model.w': tensor('float16', [1]),
    })
    expect((await openCheckpoint(root)).weights('text_encoder').unused()).toEqual(['w'])
  })

  it('refuses two names for one tensor', async () => {
    weights(`${TEXT}.safetensors`, { 'text_model.w': tensor('float16', [1]), w: tensor('float16', [1]) })
    expect(await messageOf()).toMatch(/^w of .*model\.safetensors and text_model\.w of .*model\.safetensors are the same tensor$/)
  })

  it('refuses weights that are not floats', async () => {
    weights(`${UNET}.safetensors`, { 'conv_in.weight': tensor('int8', [4]) })
    expect(await messageOf()).toBe(
      `conv_in.weight of ROOT/${UNET}.safetensors is I8; Kinora reads weights in F64, F32, F16 and BF16: use another variant or convert the file`,
    )
    const header = JSON.stringify({ w: { dtype: 'F8_E4M3', shape: [4], data_offsets: [0, 4] } })
    write(`${UNET}.safetensors`, Buffer.concat([Buffer.from([header.length, 0, 0, 0, 0, 0, 0, 0]), Buffer.from(header), Buffer.alloc(4)]))
    expect(await messageOf()).toContain('unet/diffusion_pytorch_model.safetensors is F8_E4M3; Kinora reads weights in')
  })
})

describe('variants', () => {
  const filesOf = async (variant?: string) => {
    const checkpoint = await openCheckpoint(root, variant === undefined ? {} : { variant })
    return (['unet', 'vae', 'text_encoder'] as const).map((name) => path.basename(checkpoint.weights(name).files()[0]!))
  }
  const fp16 = () => {
    for (const stem of [UNET, VAE, TEXT]) weights(`${stem}.fp16.safetensors`, { w: tensor('float16', [2]) })
  }

  it('reads the plain files unless asked', async () => {
    fp16()
    expect(await filesOf()).toEqual(['diffusion_pytorch_model.safetensors', 'diffusion_pytorch_model.safetensors', 'model.safetensors'])
    expect(await filesOf('fp16')).toEqual([
      'diffusion_pytorch_model.fp16.safetensors',
      'diffusion_pytorch_model.fp16.safetensors',
      'model.fp16.safetensors',
    ])
  })

  it('reads the only variant there is, component by component', async () => {
    fp16()
    remove(`${UNET}.safetensors`)
    expect((await filesOf())[0]).toBe('diffusion_pytorch_model.fp16.safetensors')
    remove(`${VAE}.fp16.safetensors`)
    expect(await filesOf('fp16')).toEqual([
      'diffusion_pytorch_model.fp16.safetensors',
      'diffusion_pytorch_model.safetensors',
      'model.fp16.safetensors',
    ])
  })

  it('asks when there are several and no plain file', async () => {
    fp16()
    rename(`${UNET}.safetensors`, `${UNET}.non_ema.safetensors`)
    expect(await messageOf()).toBe('ROOT/unet has the variants fp16, non_ema and no plain file: choose one with the option variant')
  })

  it('lists what there is when the variant is not', async () => {
    expect(await messageOf(root, 'fp16')).toBe(
      'ROOT has no variant fp16: looked for text_encoder/model.fp16.safetensors, unet/diffusion_pytorch_model.fp16.safetensors, ' +
        'vae/diffusion_pytorch_model.fp16.safetensors; it has the plain files (leave variant out)',
    )
    fp16()
    expect(await messageOf(root, 'bf16')).toContain('it has variant fp16, the plain files (leave variant out)')
    remove(`${VAE}.safetensors`)
    rename(`${VAE}.fp16.safetensors`, `${VAE}.bf16.safetensors`)
    expect(await messageOf(root, 'fp16')).toBe(
      'ROOT/vae has no weights to read: looked for diffusion_pytorch_model.fp16.safetensors, diffusion_pytorch_model.safetensors.index.fp16.json, ' +
        'diffusion_pytorch_model.fp16.bin, diffusion_pytorch_model.bin.index.fp16.json, ' +
        'diffusion_pytorch_model.safetensors, diffusion_pytorch_model.safetensors.index.json, ' +
        'diffusion_pytorch_model.bin, diffusion_pytorch_model.bin.index.json; there is vae/diffusion_pytorch_model.bf16.safetensors',
    )
  })

  it('refuses a variant that is no word', async () => {
    await expect(openCheckpoint(root, { variant: '../x' })).rejects.toThrow(ArgumentError)
    await expect(openCheckpoint(root, { variant: '' })).rejects.toThrow('variant must be a word of a file name such as fp16')
  })
})

describe('shards', () => {
  const shard = (variant: string, i: number) => `diffusion_pytorch_model${variant}-0000${i}-of-00002.safetensors`
  const index = (map: Record<string, unknown>, suffix = '') =>
    write(`${UNET}.safetensors.index${suffix}.json`, JSON.stringify({ metadata: { total_size: 12 }, weight_map: map }))

  it.each([
    ['', ''],
    ['.fp16', '.fp16'],
  ])('reads both with variant "%s"', async (variant, suffix) => {
    remove(`${UNET}.safetensors`)
    weights(`unet/${shard(variant, 1)}`, { a: tensor('float32', [1]) })
    weights(`unet/${shard(variant, 2)}`, { b: tensor('float32', [2]) })
    index({ a: shard(variant, 1), b: shard(variant, 2) }, suffix)
    const unet = (await openCheckpoint(root)).weights('unet')
    expect(unet.files().map((file) => path.basename(file))).toEqual([shard(variant, 1), shard(variant, 2)])
    expect(unet.get('b', [2]).byteLength).toBe(8)
  })

  it('prefers the single file of the same variant', async () => {
    index({ a: shard('', 1) })
    expect((await openCheckpoint(root)).weights('unet').unused()).toEqual(['w'])
  })

  it.each([['../vae/diffusion_pytorch_model.safetensors'], ['/etc/passwd'], ['..\\x.safetensors'], ['x.txt'], [7]])(
    'refuses the shard name %j',
    async (name) => {
      remove(`${UNET}.safetensors`)
      index({ a: name })
      expect(await messageOf()).toBe(
        `ROOT/unet/diffusion_pytorch_model.safetensors.index.json puts a into ${name}, which is not the name of a .safetensors or .bin file beside it`,
      )
    },
  )

  it('says which shard or tensor is missing', async () => {
    remove(`${UNET}.safetensors`)
    weights(`unet/${shard('', 1)}`, { a: tensor('float32', [1]) })
    index({ a: shard('', 1), b: shard('', 2) })
    expect(await messageOf()).toMatch(/ROOT\/unet\/\S+-00002-of-00002\.safetensors is missing, ROOT\S+index\.json lists it$/)
    index({ a: shard('', 1), b: shard('', 1) })
    expect(await messageOf()).toMatch(/-00001-of-00002\.safetensors has no tensor b, ROOT\S+index\.json says it has$/)
    write(`${UNET}.safetensors.index.json`, '{}')
    expect(await messageOf()).toContain('index.json has no weight_map')
    index({})
    expect(await messageOf()).toContain('index.json has an empty weight_map')
  })
})

describe('another kind of checkpoint', () => {
  it('names the pipeline', async () => {
    editJson('model_index.json', { _class_name: 'StableDiffusionPipeline' })
    expect(await messageOf()).toBe(
      'ROOT is a StableDiffusionPipeline checkpoint; Kinora reads text-to-video checkpoints of TextToVideoSDPipeline, VideoToVideoSDPipeline, TextToVideoMSPipeline',
    )
    write('model_index.json', '{}')
    expect(await messageOf()).toContain('ROOT is a nothing checkpoint')
  })

  it.each(['VideoToVideoSDPipeline', 'TextToVideoMSPipeline'])('accepts %s and any library', async (name) => {
    editJson('model_index.json', { _class_name: name, unet: ['models.unet_3d_condition', 'UNet3DConditionModel'], extra: [null, null] })
    expect((await openCheckpoint(root)).index._class_name).toBe(name)
  })

  it.each([
    ['unet', 'UNet2DConditionModel', 'the unet of ROOT is a UNet2DConditionModel; Kinora reads UNet3DConditionModel'],
    ['text_encoder', 'T5EncoderModel', 'the text_encoder of ROOT is a T5EncoderModel; Kinora reads CLIPTextModel'],
    ['tokenizer', 'T5Tokenizer', 'the tokenizer of ROOT is a T5Tokenizer; Kinora reads CLIPTokenizer or CLIPTokenizerFast'],
  ])('names the %s', async (component, className, message) => {
    editJson('model_index.json', { [component]: ['x', className] })
    expect(await messageOf()).toBe(message)
  })

  it('names what the index lacks', async () => {
    editJson('model_index.json', { vae: null })
    expect(await messageOf()).toBe('ROOT/model_index.json names no vae (AutoencoderKL)')
  })

  it("looks into the component's own config too", async () => {
    editJson('vae/config.json', { _class_name: 'VQModel' })
    expect(await messageOf()).toBe('the vae of ROOT is a VQModel; Kinora reads AutoencoderKL')
  })
})

describe('missing and damaged files', () => {
  it.each(['unet/config.json', 'vae/config.json', 'text_encoder/config.json', 'scheduler/scheduler_config.json'])(
    '%s missing',
    async (name) => {
      remove(name)
      const there = name.startsWith('scheduler')
        ? 'nothing'
        : `${name.startsWith('text') ? 'model' : 'diffusion_pytorch_model'}.safetensors`
      expect(await messageOf()).toBe(`ROOT/${name} is missing; in ROOT/${path.dirname(name)} there is ${there}`)
    },
  )

  it('config that is no JSON object', async () => {
    write('unet/config.json', '[1]')
    expect(await messageOf()).toBe('ROOT/unet/config.json holds a list instead of a JSON object')
    write('unet/config.json', '{"a": ')
    expect(await messageOf()).toMatch(/^ROOT\/unet\/config\.json is not JSON: .*; download the file again$/)
    write('unet/config.json', Uint8Array.from([0x7b, 0xff, 0x7d]))
    expect(await messageOf()).toBe('ROOT/unet/config.json is not UTF-8 text; download it again')
  })

  it('weights missing', async () => {
    remove(`${UNET}.safetensors`)
    expect(await messageOf()).toBe(
      'ROOT/unet has no weights to read: looked for diffusion_pytorch_model.safetensors, diffusion_pytorch_model.safetensors.index.json, ' +
        'diffusion_pytorch_model.bin, diffusion_pytorch_model.bin.index.json; there is config.json',
    )
  })

  it('weights only in files of other programs', async () => {
    rename(`${UNET}.safetensors`, `${UNET}.msgpack`)
    expect(await messageOf()).toContain('there is config.json, diffusion_pytorch_model.msgpack')
  })

  it('weights cut off', async () => {
    truncateSync(path.join(root, `${UNET}.safetensors`), 70)
    expect(await messageOf()).toMatch(
      /^ROOT\/unet\/diffusion_pytorch_model\.safetensors: tensor w lies at bytes .* past the end of the file at 70/,
    )
    truncateSync(path.join(root, `${UNET}.safetensors`), 3)
    expect(await messageOf()).toContain('diffusion_pytorch_model.safetensors has only 3 bytes')
  })
})

describe('a mistaken folder', () => {
  it.each<[string, () => string, string]>([
    ['absent', () => path.join(TEMP, 'nowhere'), '/nowhere does not exist: name a folder that holds model_index.json'],
    ['a file', () => path.join(root, 'model_index.json'), 'ROOT/model_index.json is a file: name the folder that holds model_index.json'],
    [
      'a component',
      () => path.join(root, 'unet'),
      'ROOT/unet is a single UNet3DConditionModel: name the folder above it, which holds model_index.json',
    ],
    [
      "a component's file",
      () => path.join(root, `${UNET}.safetensors`),
      'ROOT/unet/ is a single UNet3DConditionModel: name the folder above it, which holds model_index.json',
    ],
    [
      'unrelated',
      () => path.join(root, 'tokenizer'),
      'ROOT/tokenizer has neither model_index.json (diffusers) nor configuration.json (ModelScope); there is merges.txt, ',
    ],
  ])('%s', async (_, folder, message) => {
    expect(await messageOf(folder())).toContain(message)
  })

  it('empty', async () => {
    mkdirSync(path.join(root, 'empty'))
    expect(await messageOf(path.join(root, 'empty'))).toBe('ROOT/empty is empty: name a folder that holds model_index.json')
  })
})

describe('oddities of published fine-tunes', () => {
  it('reads components of different dtypes, whatever their configs claim', async () => {
    editJson('text_encoder/config.json', { torch_dtype: 'float16' })
    weights(`${UNET}.safetensors`, { a: tensor('float16', [2]), b: tensor('bfloat16', [2]) })
    const checkpoint = await openCheckpoint(root)
    expect(checkpoint.weights('text_encoder').get('w', [2]).dtype).toBe('float32')
    expect(['a', 'b'].map((name) => checkpoint.weights('unet').get(name, [2]).dtype)).toEqual(['float16', 'bfloat16'])
  })

  it('ignores parts without a class and keys of later versions', async () => {
    editJson('model_index.json', { feature_extractor: [null, null], safety_checker: null, requires_safety_checker: false })
    editJson('unet/config.json', { use_linear_projection: true, upcast_attention: false, class_embed_type: null })
    editJson('vae/config.json', { force_upcast: true, mid_block_add_attention: true })
    expect((await openCheckpoint(root)).configs.unet.use_linear_projection).toBe(true)
  })

  it('reads temporal projections that are convolutions', async () => {
    weights(`${UNET}.safetensors`, { 'transformer_in.proj_in.weight': tensor('float16', [8, 4, 1]) })
    expect((await openCheckpoint(root)).weights('unet').get('transformer_in.proj_in.weight', [8, 4]).byteLength).toBe(64)
  })
})
