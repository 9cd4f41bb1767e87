// Tensors that the command line takes from files: starting noise, and embeddings in place of a prompt.

import type { Tensor } from 'kinora'
import { readTensors } from 'kinora'
import { UsageError } from './errors.ts'
import type { GenerateFlags } from './flags.ts'

export interface GivenTensors {
  readonly latents?: Tensor<'float32'>
  readonly promptEmbeds?: Tensor<'float32'>
  readonly negativePromptEmbeds?: Tensor<'float32'>
}

/** Throws UsageError for a file without the tensor, CheckpointError for one that cannot be read. */
export async function readGivenTensors({ latents, promptEmbeds }: GenerateFlags): Promise<GivenTensors> {
  const given: { -readonly [K in keyof GivenTensors]: GivenTensors[K] } = {}
  if (latents !== undefined) given.latents = pick(await readTensors(latents), 'latents', latents)
  if (promptEmbeds !== undefined) {
    const tensors = await readTensors(promptEmbeds)
    given.promptEmbeds = pick(tensors, 'prompt_embeds', promptEmbeds)
    if (tensors.has('negative_prompt_embeds')) given.negativePromptEmbeds = pick(tensors, 'negative_prompt_embeds', promptEmbeds)
  }
  return given
}

function pick(tensors: ReadonlyMap<string, Tensor>, name: string, file: string): Tensor<'float32'> {
  const found = tensors.get(name)
  if (!found) throw new UsageError(`${file} has no tensor ${name}`, `it has ${[...tensors.keys()].slice(0, 12).join(', ') || 'none'}`)
  if (!isFloat32(found)) throw new UsageError(`the tensor ${name} of ${file} is ${found.dtype}`, 'save it as float32')
  return found
}

function isFloat32(tensor: Tensor): tensor is Tensor<'float32'> {
  return tensor.dtype === 'float32'
}
