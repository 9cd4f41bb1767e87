// The small checkpoint as PyTorch saves it (.bin) against the same weights in safetensors: every tensor's
// bytes, and a whole seeded run to the last bit. The .bin files were written by torch 2.13.

import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { openCheckpoint } from '../../src/checkpoint/open.ts'
import type { WeightEntry } from '../../src/checkpoint/weights.ts'
import { TextToVideoPipeline } from '../../src/pipelines/text-to-video.ts'
import type { Tensor } from '../../src/tensor/tensor.ts'
import { fixture, readSafetensors } from '../support/safetensors.ts'
import { StridedTensor, torchZip } from '../support/torch-file.ts'

const STEM = 'diffusion_pytorch_model'
const UNET = `unet/${STEM}.bin`

const [bin, safetensors] = [fixture('checkpoints/ms-bin'), fixture('checkpoints/ms')]

const contents = new Map<string, Buffer>()

function bytesOf({ path: file, byteOffset, byteLength, data }: WeightEntry): Buffer {
  const whole = contents.get(file) ?? readFileSync(file)
  contents.set(file, whole)
  return Buffer.from(data ?? whole.subarray(byteOffset, byteOffset + byteLength))
}

describe.each(['text_encoder', 'unet', 'vae'] as const)('%s', (component) => {
  test('has the same bytes under the same names', async () => {
    const [pickled, expected] = [(await openCheckpoint(bin)).weights(component), (await openCheckpoint(safetensors)).weights(component)]
    const names = expected.unused()
    expect(names.length).toBeGreaterThan(60)
    expect(pickled.unused().sort()).toEqual([...names].sort())
    for (const name of names) {
      const { shape, dtype, ...entry } = expected.entries().get(name)!
      const same = pickled.get(name, shape)
      expect([same.dtype, same.path.endsWith('.bin')], name).toEqual([dtype, true])
      expect(bytesOf(same).equals(bytesOf({ ...entry, shape, dtype })), name).toBe(true)
    }
  })
})

describe('a seeded run', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'kinora-torch-files-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  /** Latents [1, 4, 2, 8, 8] of the checkpoint. */
  async function latentsOf(checkpoint: string): Promise<Tensor<'float32'>> {
    const pipe = await TextToVideoPipeline.fromPretrained(checkpoint)
    try {
      const settings = { prompt: 'Spiderman is surfing', numFrames: 2, numInferenceSteps: 2, seed: 7, outputType: 'latents' } as const
      return (await pipe.generate(settings)).latents
    } finally {
      await pipe.dispose()
    }
  }

  test('gives the same latents, also where weights are compressed or lie transposed', async () => {
    const expected = await latentsOf(safetensors)
    expect(new Set(expected.data).size).toBeGreaterThan(100)
    expect(await latentsOf(bin)).toEqual(expected)
    cpSync(bin, folder, { recursive: true })
    writeFileSync(path.join(folder, UNET), torchZip(transposed(readSafetensors(fixture(`checkpoints/ms/unet/${STEM}.safetensors`)))))
    const vae = Object.fromEntries(readSafetensors(fixture(`checkpoints/ms/vae/${STEM}.safetensors`)))
    writeFileSync(path.join(folder, `vae/${STEM}.bin`), torchZip(vae, { deflated: true }))
    expect(await latentsOf(folder)).toEqual(expected)
  })
})

/** Matrices [O, I] stored as [I, O] and viewed with strides. */
function transposed(tensors: ReadonlyMap<string, Tensor>): Record<string, Tensor | StridedTensor> {
  const swap = (tensor: Tensor): Tensor | StridedTensor => {
    const [rows = 0, columns = 0] = tensor.shape
    if (tensor.dtype !== 'float32' || tensor.shape.length !== 2) return tensor
    const data = tensor.data as Float32Array
    const turned = Float32Array.from({ length: data.length }, (_, i) => data[(i % rows) * columns + Math.floor(i / rows)]!)
    return new StridedTensor({ dtype: 'float32', shape: [columns, rows], data: turned }, tensor.shape, [1, rows])
  }
  return Object.fromEntries([...tensors].map(([name, tensor]) => [name, swap(tensor)]))
}
