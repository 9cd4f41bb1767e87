// Which file of a folder is read when safetensors and PyTorch's .bin, variants and shards lie beside each other.

import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { memoryFiles } from '../../test/support/memory-files.ts'
import { fixture } from '../../test/support/safetensors.ts'
import { torchLegacy, torchZip } from '../../test/support/torch-file.ts'
import { tensor } from '../tensor/tensor.ts'
import { openCheckpoint } from './open.ts'
import { assertVariantExists, chooseWeightFile, findWeightFiles } from './weight-files.ts'

const MODEL = 'diffusion_pytorch_model'

async function chosen(names: string[], variant?: string, stem = MODEL): Promise<string> {
  const files = memoryFiles(Object.fromEntries(names.map((name) => [name, new Uint8Array(0)])))
  return chooseWeightFile(files, await findWeightFiles({ ...files, list: async () => names }, 'unet', stem), variant).path
}

describe('of one folder', () => {
  it.each<[string, string[], string | undefined, string]>([
    ['a lone .bin', [`${MODEL}.bin`], undefined, `${MODEL}.bin`],
    ['safetensors before .bin', [`${MODEL}.bin`, `${MODEL}.safetensors`], undefined, `${MODEL}.safetensors`],
    ['sharded safetensors before .bin', [`${MODEL}.bin`, `${MODEL}.safetensors.index.json`], undefined, `${MODEL}.safetensors.index.json`],
    ['one .bin before its shards', [`${MODEL}.bin.index.json`, `${MODEL}.bin`], undefined, `${MODEL}.bin`],
    ['the variant before the format', [`${MODEL}.fp16.bin`, `${MODEL}.safetensors`], 'fp16', `${MODEL}.fp16.bin`],
    ['the plain file before the format', [`${MODEL}.bin`, `${MODEL}.fp16.safetensors`], undefined, `${MODEL}.bin`],
    ['the only variant there is', [`${MODEL}.fp16.bin`], undefined, `${MODEL}.fp16.bin`],
    ['the plain .bin for want of the variant', [`${MODEL}.bin`], 'fp16', `${MODEL}.bin`],
    ['the index of a variant', [`${MODEL}.bin.index.fp16.json`], 'fp16', `${MODEL}.bin.index.fp16.json`],
  ])('%s', async (_, names, variant, expected) => {
    expect(await chosen(names, variant)).toBe(`unet/${expected}`)
  })

  it("takes transformers' name for pickles", async () => {
    expect(await chosen(['pytorch_model.bin', 'model.bin'], undefined, 'model')).toBe('unet/pytorch_model.bin')
    expect(await chosen(['pytorch_model.fp16.bin', 'model.safetensors'], 'fp16', 'model')).toBe('unet/pytorch_model.fp16.bin')
    await expect(chosen([`pytorch_model.bin`])).rejects.toThrow('there is pytorch_model.bin')
  })

  it('does not take a shard for a variant', async () => {
    const shards = [`${MODEL}-00001-of-00002.bin`, `${MODEL}.fp16-00001-of-00002.bin`, `${MODEL}.bin.index.json`]
    expect(await chosen(shards)).toBe(`unet/${MODEL}.bin.index.json`)
  })

  it('lists what was looked for and what is there', async () => {
    await expect(chosen(['model.ckpt'])).rejects.toThrow(
      `/memory/unet has no weights to read: looked for ${MODEL}.safetensors, ${MODEL}.safetensors.index.json, ${MODEL}.bin, ` +
        `${MODEL}.bin.index.json; there is model.ckpt`,
    )
    const files = { ...memoryFiles({}), list: async () => [`${MODEL}.bin`] }
    const folders = [await findWeightFiles(files, 'unet', MODEL)]
    expect(() => assertVariantExists(files, folders, 'fp16')).toThrow('it has the plain files (leave variant out)')
  })
})

describe('of a whole checkpoint', () => {
  const temp = mkdtempSync(path.join(tmpdir(), 'kinora-bin-'))
  afterAll(() => rmSync(temp, { recursive: true, force: true }))
  let root = ''
  beforeEach(() => {
    root = mkdtempSync(path.join(temp, 'checkpoint-'))
    cpSync(fixture('checkpoints/ms-bin'), root, { recursive: true })
    rmSync(path.join(root, 'unet', `${MODEL}.bin`))
  })
  const write = (name: string, data: Uint8Array | string) => {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true })
    writeFileSync(path.join(root, name), data)
  }

  it('reads both formats that torch has written', async () => {
    for (const file of [torchZip({ w: tensor('float16', [2]) }), torchLegacy({ w: tensor('float16', [2]) })]) {
      write(`unet/${MODEL}.bin`, file)
      const checkpoint = await openCheckpoint(root)
      expect(checkpoint.weights('unet').get('w', [2])).toMatchObject({ dtype: 'float16', byteLength: 4 })
      expect(checkpoint.weights('text_encoder').has('embeddings.token_embedding.weight')).toBe(true)
    }
  })

  it('reads shards', async () => {
    const shard = (i: number) => `${MODEL}-0000${i}-of-00002.bin`
    write(`unet/${shard(1)}`, torchZip({ a: tensor('float32', [1]) }))
    write(`unet/${shard(2)}`, torchLegacy({ b: tensor('float32', [2]) }))
    write(`unet/${MODEL}.bin.index.json`, JSON.stringify({ weight_map: { a: shard(1), b: shard(2) } }))
    const unet = (await openCheckpoint(root)).weights('unet')
    expect(unet.files().map((file) => path.basename(file))).toEqual([shard(1), shard(2)])
    expect([unet.get('a', [1]).byteLength, unet.get('b', [2]).byteLength]).toEqual([4, 8])
  })

  it('names the file that holds other things than tensors', async () => {
    write(`unet/${MODEL}.bin`, torchZip({ w: tensor('int64', [2]) }))
    await expect(openCheckpoint(root)).rejects.toThrow(
      `w of ${root}/unet/${MODEL}.bin is torch.int64; Kinora reads weights in F64, F32, F16 and BF16`,
    )
    write(`unet/${MODEL}.bin`, 'version https://git-lfs.github.com/spec/v1\n')
    await expect(openCheckpoint(root)).rejects.toThrow(`${MODEL}.bin is a Git LFS pointer, not the file itself`)
  })
})
