// Checkpoints in the original ModelScope layout, written from the reference's small checkpoint: the same tensors and
// configs come out, parts are found where zeroscope's folders leave them, and damaged ones are named.

import { createHash } from 'node:crypto'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  CONFIGURATION,
  copyParts,
  originalTensors,
  safetensorsFile,
  TEXT,
  UNET,
  VAE,
  writeOriginalFolder,
} from '../../test/support/original-folder.ts'
import { originalUNet, originalVae } from '../../test/support/original-names.ts'
import { fixture, readSafetensors } from '../../test/support/safetensors.ts'
import { CheckpointError } from '../errors.ts'
import { type Tensor, tensor } from '../tensor/tensor.ts'
import type { Checkpoint, Component } from './checkpoint.ts'
import { openCheckpoint } from './open.ts'

const TEMP = mkdtempSync(path.join(tmpdir(), 'kinora-original-'))
afterAll(() => rmSync(TEMP, { recursive: true, force: true }))

const MASTER = path.join(TEMP, 'master')
beforeAll(() => writeOriginalFolder(MASTER, 'safetensors'))

let root = ''
let count = 0
beforeEach(() => {
  root = path.join(TEMP, `original-${count++}`)
  cpSync(MASTER, root, { recursive: true })
})

const remove = (name: string) => rmSync(path.join(root, name), { recursive: true })
const write = (name: string, data: string | Uint8Array) => writeFileSync(path.join(root, name), data)
const writeTensors = (name: string, tensors: ReadonlyMap<string, Tensor>) => write(name, safetensorsFile(tensors))

function configure(model_cfg: Record<string, unknown>, model_args: Record<string, unknown> = {}): void {
  const { model } = CONFIGURATION
  const changed = { model_args: { ...model.model_args, ...model_args }, model_cfg: { ...model.model_cfg, ...model_cfg } }
  write('configuration.json', JSON.stringify({ ...CONFIGURATION, model: changed }))
}

async function messageOf(place = root): Promise<string> {
  const error: unknown = await openCheckpoint(place).then(
    () => 'no error',
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(CheckpointError)
  return (error as CheckpointError).message.replaceAll(root, 'ROOT')
}

/** dtype, shape and bytes of every tensor. */
function contentsOf(checkpoint: Checkpoint, component: Component): Map<string, string> {
  const weights = checkpoint.weights(component)
  const files = new Map(weights.files().map((file) => [file, readFileSync(file)]))
  const contents = [...weights.entries()].map(([name, { dtype, shape, path: file, byteOffset, byteLength, data }]): [string, string] => {
    const bytes = data ?? files.get(file)!.subarray(byteOffset, byteOffset + byteLength)
    return [name, `${dtype} [${shape.join()}] ${createHash('sha256').update(bytes).digest('hex')}`]
  })
  return new Map(contents.sort(([a], [b]) => (a < b ? -1 : 1)))
}

const COMPONENTS = ['unet', 'vae', 'text_encoder'] as const
const reference = await openCheckpoint(fixture('checkpoints/ms'))

function expectReferenceTensors(checkpoint: Checkpoint): void {
  for (const component of COMPONENTS) expect(contentsOf(checkpoint, component)).toEqual(contentsOf(reference, component))
}

describe('the original layout', () => {
  it('gives the tensors of the diffusers layout, and configs that mean the same', async () => {
    writeOriginalFolder(root)
    const checkpoint = await openCheckpoint(root)
    expectReferenceTensors(checkpoint)
    for (const component of COMPONENTS) expect(checkpoint.configs[component]).toMatchObject(reference.configs[component])
    expect(checkpoint.tokenizer).toEqual(reference.tokenizer)
    const { _diffusers_version: _, ...scheduler } = reference.configs.scheduler
    expect(checkpoint.configs.scheduler).toEqual({ ...scheduler, num_train_timesteps: 1000, prediction_type: 'epsilon' })
    expect(checkpoint.index).toEqual({})
    expect(checkpoint.source).toBe(root)
  })

  it('reads sizes out of the tensors, and takes what they cannot tell from the family', async () => {
    for (const component of COMPONENTS) remove(`${component}/config.json`)
    const { configs } = await openCheckpoint(root)
    expect(configs.unet).toEqual({
      _class_name: 'UNet3DConditionModel',
      in_channels: 4,
      out_channels: 4,
      block_out_channels: [8, 16, 24, 24],
      layers_per_block: 2,
      down_block_types: ['CrossAttnDownBlock3D', 'CrossAttnDownBlock3D', 'CrossAttnDownBlock3D', 'DownBlock3D'],
      up_block_types: ['UpBlock3D', 'CrossAttnUpBlock3D', 'CrossAttnUpBlock3D', 'CrossAttnUpBlock3D'],
      cross_attention_dim: 16,
      attention_head_dim: 8,
      time_cond_proj_dim: null,
      act_fn: 'silu',
      norm_num_groups: 32,
      norm_eps: 1e-5,
      sample_size: 32,
    })
    expect(configs.vae).toMatchObject({
      block_out_channels: [8, 8, 16, 16],
      layers_per_block: 2,
      latent_channels: 4,
      scaling_factor: 0.18215,
    })
    expect(configs.text_encoder).toMatchObject({
      vocab_size: 668,
      hidden_size: 16,
      num_hidden_layers: 4,
      intermediate_size: 40,
      hidden_act: 'gelu',
    })
  })

  it('reads plain files under other names, whatever the format', async () => {
    const { unet, vae, text } = originalTensors()
    for (const name of [UNET, VAE, TEXT]) remove(name)
    writeTensors('unet.pth', unet)
    writeTensors('vae.safetensors', new Map([...vae].map(([name, value]) => [name.replace('first_stage_model.', ''), value])))
    writeTensors('text.bin', new Map([...text].map(([name, value]) => [`cond_stage_model.model.${name}`, value])))
    configure({}, { ckpt_unet: 'unet.pth', ckpt_autoencoder: 'vae.safetensors', ckpt_clip: 'text.bin' })
    expectReferenceTensors(await openCheckpoint(root))
  })

  it('takes a scheduler beside over its own', async () => {
    mkdirSync(path.join(root, 'scheduler'))
    write('scheduler/scheduler_config.json', '{"_class_name": "EulerDiscreteScheduler", "beta_start": 0.1}')
    expect((await openCheckpoint(root)).configs.scheduler).toEqual({ _class_name: 'EulerDiscreteScheduler', beta_start: 0.1 })
  })

  it('finds levels and layers of a model of another depth', async () => {
    const odd = (file: string) => readSafetensors(fixture(`checkpoints/odd/${file}/diffusion_pytorch_model.safetensors`))
    remove('configuration.json')
    writeTensors(UNET, originalUNet(odd('unet'), 1))
    writeTensors(VAE, originalVae(odd('vae'), 3))
    const [checkpoint, expected] = [await openCheckpoint(root), await openCheckpoint(fixture('checkpoints/odd'))]
    for (const component of ['unet', 'vae'] as const) expect(contentsOf(checkpoint, component)).toEqual(contentsOf(expected, component))
  })

  it('needs no configuration.json', async () => {
    remove('configuration.json')
    expectReferenceTensors(await openCheckpoint(root))
  })
})

describe('parts around the folder', () => {
  const moveParts = (...parts: string[]) => {
    const names = ['unet/config.json', 'vae/config.json', 'text_encoder/config.json', 'tokenizer', UNET, TEXT, VAE, 'configuration.json']
    for (const name of names.filter((each) => !parts.includes(each))) {
      mkdirSync(path.dirname(path.join(root, 'zs2_576w', name)), { recursive: true })
      renameSync(path.join(root, name), path.join(root, 'zs2_576w', name))
    }
    return path.join(root, 'zs2_576w')
  }

  it("takes the VAE's file and the tokenizer from the folder around", async () => {
    const folder = moveParts(VAE, 'vae/config.json', 'tokenizer')
    const checkpoint = await openCheckpoint(folder)
    expectReferenceTensors(checkpoint)
    expect(checkpoint.tokenizer).toEqual(reference.tokenizer)
    expect(checkpoint.configs.vae.norm_num_groups).toBe(4)
  })

  it('takes what lacks from the diffusers checkpoint around, like zeroscope', async () => {
    const folder = moveParts('vae/config.json', VAE, 'tokenizer', 'text_encoder/config.json')
    rmSync(path.join(folder, 'configuration.json'))
    remove(VAE)
    copyParts(root, ['model_index.json', 'vae', 'scheduler', 'unet', 'text_encoder'])
    rmSync(path.join(folder, TEXT))
    expectReferenceTensors(await openCheckpoint(folder))
    expectReferenceTensors(await openCheckpoint(root))
  })

  it('looks nowhere else when the folder is complete', async () => {
    const folder = moveParts()
    write('VQGAN_autoencoder.pth', 'not read')
    mkdirSync(path.join(root, 'scheduler'))
    write('scheduler/scheduler_config.json', '{"_class_name": "EulerDiscreteScheduler"}')
    expect((await openCheckpoint(folder)).configs.scheduler._class_name).toBe('DDIMScheduler')
  })

  it('says where it looked', async () => {
    const folder = moveParts()
    rmSync(path.join(folder, VAE))
    expect(await messageOf(folder)).toBe(
      'ROOT/zs2_576w/VQGAN_autoencoder.pth is missing, and so is a folder vae/ with config.json and weights; in ROOT/zs2_576w there is ' +
        'configuration.json, open_clip_pytorch_model.bin, text2video_pytorch_model.pth, text_encoder, tokenizer, unet, vae; ' +
        'in ROOT/ there is text_encoder, unet, vae, zs2_576w',
    )
  })
})

describe('a UNet named by its file', () => {
  const other = () =>
    new Map(
      [...originalTensors().unet].map(([name, { shape, data }]) => [name, tensor('float32', shape, new Float32Array(data.length).fill(2))]),
    )
  const firstBias = (checkpoint: Checkpoint) => {
    const { path: file, byteOffset, byteLength, data } = checkpoint.weights('unet').get('conv_in.bias', [8])
    return new Float32Array(new Uint8Array(data ?? readFileSync(file).subarray(byteOffset, byteOffset + byteLength)).buffer)[0]
  }

  it('takes the place of the one in the original layout', async () => {
    writeTensors('fine-tune.ckpt', other())
    const checkpoint = await openCheckpoint(path.join(root, 'fine-tune.ckpt'))
    expect(firstBias(checkpoint)).toBe(2)
    expect(checkpoint.source).toBe(path.join(root, 'fine-tune.ckpt'))
    expect(checkpoint.configs.unet.norm_num_groups).toBe(4)
    expect(firstBias(await openCheckpoint(root))).not.toBe(2)
  })

  it('takes the place of unet/ in a diffusers checkpoint, which need not be there', async () => {
    const folder = path.join(root, 'diffusers')
    copyParts(folder, ['model_index.json', 'scheduler', 'tokenizer', 'vae', 'text_encoder', 'unet/config.json'])
    writeFileSync(path.join(folder, 'zeroscope_v2_30x448x256.pth'), safetensorsFile(other()))
    const checkpoint = await openCheckpoint(path.join(folder, 'zeroscope_v2_30x448x256.pth'))
    expect(firstBias(checkpoint)).toBe(2)
    expect(contentsOf(checkpoint, 'vae')).toEqual(contentsOf(reference, 'vae'))
    expect(await messageOf(folder)).toContain('unet has no weights to read')
  })

  it("may have diffusers' names", async () => {
    cpSync(fixture('checkpoints/ms/unet/diffusion_pytorch_model.safetensors'), path.join(root, 'unet.safetensors'))
    expectReferenceTensors(await openCheckpoint(path.join(root, 'unet.safetensors')))
  })

  it('is named when it holds another model', async () => {
    expect(await messageOf(path.join(root, TEXT))).toMatch(
      /^ROOT\/open_clip_pytorch_model\.bin holds no UNet3DConditionModel of the ModelScope text-to-video family: none of its tensors is input_blocks\.0\.1\.proj_in\.weight or transformer_in\.proj_in\.weight; it has \w/,
    )
    expect(await messageOf(path.join(root, 'absent.pth'))).toBe('ROOT/absent.pth does not exist: name a folder that holds model_index.json')
  })
})

describe('refused', () => {
  it.each<[string, Record<string, unknown>, string]>([
    ['unet_dim', { unet_dim: 320 }, "has unet_dim 320, but the UNet's tensors are of a model with 8"],
    ['unet_dim_mult', { unet_dim_mult: [1, 2, 4, 4] }, "has unet_dim_mult [1,2,4,4], but the UNet's tensors are of a model with [1,2,3,3]"],
    ['unet_attn_scales', { unet_attn_scales: [1, 0.5] }, 'has unet_attn_scales [1,0.5], but'],
    ['temporal_attention', { temporal_attention: 'False' }, 'has temporal_attention False, but'],
    ['mean_type', { mean_type: 'v' }, 'has mean_type v; Kinora knows eps: put a scheduler/scheduler_config.json'],
  ])('a configuration.json with another %s', async (_, change, message) => {
    configure(change)
    expect(await messageOf()).toContain(`ROOT/configuration.json ${message}`)
  })

  it.each([['../model_index.json'], ['a/b.pth'], ['..'], [''], [7], ['a\\b.pth']])('the file name %j', async (name) => {
    configure({}, { ckpt_clip: name })
    expect(await messageOf()).toBe(`ROOT/configuration.json has ckpt_clip ${name}, which is not the name of a file beside it`)
  })

  it('the model of another task', async () => {
    write('configuration.json', '{"task": "image-to-video"}')
    expect(await messageOf()).toBe(
      "ROOT/configuration.json is of a model for image-to-video; Kinora reads ModelScope's models for text-to-video-synthesis",
    )
    write('configuration.json', '{"task"')
    expect(await messageOf()).toMatch(/^ROOT\/configuration\.json is not JSON/)
  })

  it('a folder without its UNet', async () => {
    remove(UNET)
    expect(await messageOf()).toMatch(
      /^ROOT\/text2video_pytorch_model\.pth is missing; in ROOT there is VQGAN_autoencoder\.pth, configuration\.json, /,
    )
  })

  it('a variant', async () => {
    await expect(openCheckpoint(root, { variant: 'fp16' })).rejects.toThrow('whose files have no variants: leave variant fp16 out')
  })

  it('a vocabulary of another size without a tokenizer of its own', async () => {
    remove('tokenizer')
    expect(await messageOf()).toBe(
      "ROOT/tokenizer is missing: CLIP's vocabulary has 49408 tokens, this text encoder 668, so it needs a tokenizer of its own",
    )
  })

  it.each<[string, string[]]>([
    ['an image model', ['input_blocks.0.1.', 'temopral_conv']],
    ['a model without temporal attention', ['input_blocks.0.1.']],
  ])("a UNet that is %s's", async (_, lacking) => {
    const unet = [...originalTensors().unet].filter(([name]) => !lacking.some((part) => name.includes(part)))
    writeTensors(UNET, new Map(unet))
    expect(await messageOf()).toContain('text2video_pytorch_model.pth holds no UNet3DConditionModel of the ModelScope text-to-video family')
  })

  it('a UNet cut off in the middle', async () => {
    const unet = [...originalTensors().unet].filter(([name]) => !name.startsWith('middle_block'))
    writeTensors(UNET, new Map(unet))
    expect(await messageOf()).toBe(
      'ROOT/text2video_pytorch_model.pth lacks mid_block.attentions.0.transformer_blocks.0.attn2.to_k.weight, ' +
        'so it is no UNet3DConditionModel of the ModelScope text-to-video family; name another file',
    )
  })

  it("the original's names inside of unet/", async () => {
    const folder = path.join(root, 'diffusers')
    copyParts(folder, ['model_index.json', 'scheduler', 'tokenizer', 'vae', 'text_encoder', 'unet/config.json'])
    cpSync(path.join(root, UNET), path.join(folder, 'unet/diffusion_pytorch_model.safetensors'))
    expect(await messageOf(folder)).toBe(
      "ROOT/diffusers/unet/diffusion_pytorch_model.safetensors has the original release's tensor names, which no unet/ folder of diffusers has: " +
        'put the file into ROOT/diffusers itself and name it',
    )
  })

  it('names the original tensor in messages', async () => {
    const text = (await openCheckpoint(root)).weights('text_encoder')
    expect(() => text.get('encoder.layers.1.self_attn.k_proj.weight', [1])).toThrow(
      'encoder.layers.1.self_attn.k_proj.weight (transformer.resblocks.1.attn.in_proj_weight[16:32] in the file) has shape [16, 16]',
    )
  })

  it('two tensors for one place', async () => {
    const { unet } = originalTensors()
    writeTensors(UNET, new Map([...unet, ['down_blocks.0.resnets.0.norm1.bias', tensor('float32', [8])]]))
    expect(await messageOf()).toContain('are the same tensor')
  })
})
