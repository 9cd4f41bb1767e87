// What an adapter's tensor is to its module, by its name: one table over the spellings of PEFT, diffusers
// (three generations), kohya and stable_lora. Whether there is such a module, the model's own list decides.

import type { LoraComponent } from './lora.ts'

export type LoraPart = 'up' | 'down' | 'alpha' | 'dense' | 'dense_bias' | 'bias'

export interface LoraTensorName {
  /** Prefixes and old spellings aside: `down_blocks.0.attentions.0.proj_in`, or with underscores only. */
  readonly module: string
  readonly component: LoraComponent | undefined
  readonly part: LoraPart
}

/** Ends of a tensor's name; the group is the module. `lora_A` is also followed by the adapter's own name in some files. */
const ENDS: readonly (readonly [RegExp, LoraPart])[] = [
  [/^(.+)\.lora_(?:embedding_)?A(?:(?:\.[^.]+)?\.weight)?$/, 'down'],
  [/^(.+)\.lora_(?:embedding_)?B(?:(?:\.[^.]+)?\.weight)?$/, 'up'],
  [/^(.+)\.lora_(?:embedding_)A\.[^.]+$/, 'down'],
  [/^(.+)\.lora_(?:embedding_)B\.[^.]+$/, 'up'],
  [/^(.+)(?:\.lora(?:_linear_layer)?[._]|_lora\.)down\.weight$/, 'down'],
  [/^(.+)(?:\.lora(?:_linear_layer)?[._]|_lora\.)up\.weight$/, 'up'],
  [/^(.+?)(?:[._]lora)?\.alpha$/, 'alpha'],
  [/^(.+)\.diff$/, 'dense'],
  [/^(.+)\.diff_b$/, 'dense_bias'],
  [/^(.+)\.bias$/, 'bias'],
]

const PREFIXES: readonly (readonly [string, LoraComponent | undefined])[] = [
  ['base_model.model.', undefined],
  ['unet.', 'unet'],
  ['text_encoder.', 'text_encoder'],
  ['lora_unet_', 'unet'],
  ['lora_te_', 'text_encoder'],
  ['lora_te1_', 'text_encoder'],
]

/** Undefined for a name that no known format gives to a tensor. */
export function parseTensorName(name: string): LoraTensorName | undefined {
  for (const [end, part] of ENDS) {
    const [, spelled] = end.exec(name) ?? []
    if (spelled !== undefined) return { ...withoutPrefixes(spelled), part }
  }
  return undefined
}

function withoutPrefixes(spelled: string): Omit<LoraTensorName, 'part'> {
  let module = spelled
  let component: LoraComponent | undefined
  for (const [prefix, of] of PREFIXES) {
    if (!module.startsWith(prefix)) continue
    module = module.slice(prefix.length)
    component ??= of
  }
  return { module: currentName(module), component }
}

/** Attention processors of 2023 named their layers after the processor: `attn1.processor.to_out_lora`. */
function currentName(module: string): string {
  return module
    .replace('.processor.', '.')
    .replace(/(\bself_attn)\.to_(q|k|v|out)$/, '$1.$2_proj')
    .replace(/\.to_out$/, '.to_out.0')
}
