// Which adapter format a file of tensors is, told by its tensors' names and metadata, never by the file's
// name. Kinds of adapters that are no sum of W and a low-rank product are refused by what they are.

import { CheckpointError } from '../../errors.ts'
import { excerpt } from '../json.ts'
import type { TensorFile } from '../tensor-file.ts'
import type { LoraFormat } from './lora.ts'
import { parseTensorName } from './tensor-names.ts'

/** stable_lora's mark in the metadata of files with original names. */
const STABLE_LORA_KEY = 'stable_lora_text_to_video'

/** Names that only occur in other kinds of adapters. */
const OTHER_KINDS: readonly (readonly [RegExp, string])[] = [
  [/\.(?:lora_magnitude_vector|dora_scale)\b/, 'a DoRA'],
  [/\.lora_mid\b/, 'a LoRA with Tucker decomposition (CP, lora_mid)'],
  [/\.hada_[wt]\d/, 'a LoHa'],
  [/\.lokr_[wt]\d/, 'a LoKr'],
  [/\.oft_(?:blocks|diag|r)\b/, 'an OFT adapter'],
  [/\.(?:ia3_l|on_input)\b/, 'an (IA)3 adapter'],
  [/\.(?:a[12]|b[12]|c1)\.weight$/, 'a GLoRA'],
  [/\bvera_lambda_/, 'a VeRA adapter'],
  [/\.[wb]_norm$/, 'an adapter that changes norms'],
  [/\.lora_B(?:\.[^.]+)?\.bias$/, 'a LoRA with biases of its own (lora_bias)'],
]

/** Throws CheckpointError for a file that is no adapter, an empty one, or another kind of adapter. */
export function recogniseFormat({ file, tensors, metadata }: TensorFile): LoraFormat {
  const names = [...tensors.keys()]
  if (names.length === 0) throw new CheckpointError(`${file} is empty: an adapter holds at least one pair of matrices`)
  for (const [pattern, kind] of OTHER_KINDS) {
    const found = names.find((name) => pattern.test(name))
    if (found !== undefined)
      throw new CheckpointError(
        `${file} is ${kind} (${excerpt(found)}); Kinora merges plain LoRAs: export it as one, or merge it in Python`,
      )
  }
  if (names.every((name) => /^\d+$/.test(name))) return 'cloneofsimo'
  if (names.some((name) => /^\w+:\d+:(?:up|down)$/.test(name))) return 'safeloras'
  const foreign = names.filter((name) => !parseTensorName(name))
  if (foreign.length > 0) throw new CheckpointError(explainForeign(file, names, foreign))
  if (metadata.has(STABLE_LORA_KEY) || names.some((name) => /\.lora_[AB]$/.test(name))) return 'stable-lora'
  if (names.some((name) => /^lora_(?:unet|te\d?)_/.test(name))) return 'kohya'
  return names.some((name) => name.startsWith('base_model.model.')) ? 'peft' : 'diffusers'
}

function explainForeign(file: string, names: readonly string[], foreign: readonly string[]): string {
  const shown = `${foreign.slice(0, 3).map(excerpt).join(', ')}${foreign.length > 3 ? ', ...' : ''}`
  if (names.some((name) => /\blora|\.diff$/.test(name)))
    return `${file} holds ${foreign.length} tensors that belong to no LoRA among its ${names.length}: ${shown}`
  return `${file} is no adapter, its ${names.length} tensors are named ${shown}: name a LoRA saved by PEFT, diffusers, kohya's scripts, cloneofsimo's lora or stable_lora`
}
