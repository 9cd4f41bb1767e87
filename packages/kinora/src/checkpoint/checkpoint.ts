// What an opened checkpoint offers to a pipeline, whatever its layout on disk. Configs are the
// parsed JSON with unknown keys kept: each model's config.ts picks what it knows and fills defaults.

import type { Weights } from './weights.ts'

export type Component = 'text_encoder' | 'unet' | 'vae'

export interface TokenizerFiles {
  /** vocab.json: token -> id. */
  readonly vocab: Readonly<Record<string, number>>
  /** merges.txt without its version line, one "left right" pair each; CR trimmed. */
  readonly merges: readonly string[]
  /** special_tokens_map.json, {} when absent. */
  readonly specialTokens: Readonly<Record<string, unknown>>
  /** tokenizer_config.json, {} when absent. */
  readonly config: Readonly<Record<string, unknown>>
}

export interface Checkpoint {
  /** Folder or file the user named, for messages. */
  readonly source: string
  /** model_index.json, {} for layouts without one. */
  readonly index: Readonly<Record<string, unknown>>
  readonly configs: Readonly<Record<Component | 'scheduler', Readonly<Record<string, unknown>>>>
  readonly tokenizer: TokenizerFiles
  /** A fresh cursor over one component's tensors, names already mapped to diffusers' current ones. */
  weights(component: Component): Weights
}

export interface OpenOptions {
  /** `fp16` picks `*.fp16.safetensors`. Absent: the plain file, else the only variant there is. */
  variant?: string
}
