// From prompts to what the UNet attends to: tokens, text encoder, and the keys and values of every
// cross-attention, with the unconditional half first when guidance is on.

import type { Checkpoint } from '../checkpoint/checkpoint.ts'
import { ArgumentError } from '../errors.ts'
import type { ClipTextConfig, UNet3DConfig } from '../models/index.ts'
import { buildClipText, buildPromptContext } from '../models/index.ts'
import type { Feeds } from '../runtime/engine.ts'
import type { Tensor } from '../tensor/tensor.ts'
import { tensor } from '../tensor/tensor.ts'
import type { ClipTokenizer } from '../tokenizer/clip.ts'
import { mostlyNotEnglish } from '../tokenizer/language.ts'
import { concatBatch } from './latents.ts'
import type { Sessions } from './sessions.ts'

export interface TextEncoding {
  checkpoint: Checkpoint
  tokenizer: ClipTokenizer
  config: ClipTextConfig
  sessions: Sessions
  signal: AbortSignal | undefined
  /** Collects what the user should know about the prompts. */
  warn: (message: string) => void
}

/** Texts -> last_hidden_state [B, T, hidden_size] */
export async function encodeTexts(texts: readonly string[], clipSkip: number, encoding: TextEncoding): Promise<Tensor<'float32'>> {
  const { checkpoint, tokenizer, config, sessions, signal, warn } = encoding
  const encoded = texts.map((text) => tokenizer.encode(text))
  for (const [i, { removedText }] of encoded.entries()) {
    if (removedText !== undefined)
      warn(`the prompt is longer than the model's ${tokenizer.maxLength} tokens; ignored: "${removedText.trim()}"`)
    if (mostlyNotEnglish(texts[i]!))
      warn(`the prompt "${texts[i]}" is mostly not English; the model knows English only, so translate it first`)
  }
  const [batch, tokens] = [texts.length, encoded[0]!.ids.length]
  if (tokens > config.maxPositionEmbeddings)
    throw new ArgumentError(`the tokenizer pads to ${tokens} tokens, the text encoder has places for ${config.maxPositionEmbeddings}`)
  const ids = BigInt64Array.from(
    encoded.flatMap(({ ids: row }) => row),
    BigInt,
  )
  const key = `${batch}x${tokens} skip ${clipSkip}`
  const build = () => buildClipText(checkpoint.weights('text_encoder'), config, { batch, tokens, clipSkip })
  const session = await sessions.get('text_encoder', key, build, signal)
  const { last_hidden_state } = await session.run({ input_ids: tensor('int64', [batch, tokens], ids) }, signal)
  return last_hidden_state as Tensor<'float32'>
}

/** Embeddings [B, T, D] (unconditional half first) -> the UNet's `PATH.key` and `PATH.value` feeds */
export async function promptContext(embeds: Tensor<'float32'>, config: UNet3DConfig, encoding: TextEncoding): Promise<Feeds> {
  const { checkpoint, sessions, signal } = encoding
  const [batch, tokens, width] = embeds.shape as [number, number, number]
  if (width !== config.crossAttentionDim)
    throw new ArgumentError(`prompt embeddings are ${width} wide, this UNet attends to ${config.crossAttentionDim} (cross_attention_dim)`)
  const build = () => buildPromptContext(checkpoint.weights('unet'), config, { batch, tokens })
  const session = await sessions.get('prompt_context', `${batch}x${tokens}`, build, signal)
  const feeds = await session.run({ encoder_hidden_states: embeds }, signal)
  await sessions.done('prompt_context')
  return feeds
}

/** Joins the halves; the unconditional one first, as the reference's pipelines do. */
export function withUnconditional(unconditional: Tensor<'float32'> | undefined, conditional: Tensor<'float32'>): Tensor<'float32'> {
  return unconditional ? concatBatch([unconditional, conditional]) : conditional
}
