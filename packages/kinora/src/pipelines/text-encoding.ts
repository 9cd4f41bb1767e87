// From prompts to what the UNet attends to: tokens, text encoder, and the keys and values of every
// cross-attention, with the unconditional half first when guidance is on.

import { ArgumentError } from '../errors.ts'
import { buildClipText, buildPromptContext } from '../models/index.ts'
import type { Target } from '../onnx/graph.ts'
import type { Feeds } from '../runtime/engine.ts'
import type { Tensor } from '../tensor/tensor.ts'
import { tensor } from '../tensor/tensor.ts'
import { mostlyNotEnglish } from '../tokenizer/language.ts'
import { parsePromptWeights } from '../tokenizer/prompt-weights.ts'
import { concatBatch } from './latents.ts'
import type { Run } from './run.ts'
import { isGuided, report } from './run.ts'
import type { Settings } from './settings.ts'
import { weighTokens } from './token-weights.ts'

/** What encoding a text takes of a run. */
export interface TextRun extends Pick<Run, 'files' | 'sessions' | 'options' | 'warn'> {
  settings: Pick<Settings, 'promptWeights'>
}

/** The UNet's `PATH.key` and `PATH.value` feeds: one row per video, two (unconditional rows first) with guidance. */
export async function encodePrompts(run: Run): Promise<Feeds> {
  const { options, settings, sessions } = run
  report(run, { phase: 'encoding prompt', step: 0, total: 1 })
  const conditional = options.promptEmbeds ?? (await encodeTexts(run, settings.prompt, settings.clipSkip))
  // The reference skips layers for the prompt only.
  const unconditional = isGuided(run) ? (options.negativePromptEmbeds ?? (await encodeTexts(run, settings.negativePrompt, 0))) : undefined
  await sessions.done('text_encoder')
  const feeds = await promptContext(run, unconditional ? joinHalves(unconditional, conditional) : conditional)
  report(run, { phase: 'encoding prompt', step: 1, total: 1 })
  return feeds
}

function joinHalves(unconditional: Tensor<'float32'>, conditional: Tensor<'float32'>): Tensor<'float32'> {
  if (unconditional.shape.join() !== conditional.shape.join())
    throw new ArgumentError(
      `negative prompt embeddings [${unconditional.shape}] and prompt embeddings [${conditional.shape}] must have one shape`,
    )
  return concatBatch([unconditional, conditional])
}

/** Texts -> last_hidden_state [B, T, hidden_size], weighted where settings.promptWeights says so */
export async function encodeTexts(run: TextRun, texts: readonly string[], clipSkip: number): Promise<Tensor<'float32'>> {
  const { files, sessions, options, settings } = run
  const { checkpoint, tokenizer, text: config, textualInversions = [] } = files
  const encoded = texts.map((text) => tokenizer.encode(settings.promptWeights ? parsePromptWeights(text) : text))
  for (const [i, { removedText }] of encoded.entries()) warnAboutText(run, texts[i]!, removedText)
  const [batch, tokens] = [texts.length, tokenizer.maxLength]
  if (tokens > config.maxPositionEmbeddings)
    throw new ArgumentError(`the tokenizer pads to ${tokens} tokens, the text encoder has places for ${config.maxPositionEmbeddings}`)
  const key = `${batch}x${tokens} skip ${clipSkip}`
  const addedEmbeddings = textualInversions.map(({ vectors }) => vectors)
  const build = (target: Target) =>
    buildClipText(checkpoint.weights('text_encoder'), config, { batch, tokens, clipSkip, addedEmbeddings, target })
  const session = await sessions.get('text_encoder', key, build, options.signal)
  const ids = BigInt64Array.from(
    encoded.flatMap((prompt) => prompt.ids),
    BigInt,
  )
  const { last_hidden_state } = await session.run({ input_ids: tensor('int64', [batch, tokens], ids) }, options.signal)
  return weighTokens(
    last_hidden_state as Tensor<'float32'>,
    encoded.map(({ weights }) => weights),
  )
}

function warnAboutText({ files, warn }: TextRun, text: string, removedText: string | undefined): void {
  const { maxLength } = files.tokenizer
  if (removedText !== undefined) warn(`the prompt is longer than the model's ${maxLength} tokens; ignored: "${removedText.trim()}"`)
  if (mostlyNotEnglish(text)) warn(`the prompt "${text}" is mostly not English; the model knows English only, so translate it first`)
}

/** Embeddings [B, T, D] -> keys and values of every cross-attention */
async function promptContext({ files, sessions, options }: Run, embeds: Tensor<'float32'>): Promise<Feeds> {
  const { checkpoint, unet } = files
  const [batch, tokens, width] = embeds.shape as [number, number, number]
  if (embeds.shape.length !== 3 || width !== unet.crossAttentionDim)
    throw new ArgumentError(`prompt embeddings are [${embeds.shape}]; this UNet attends to [B, T, ${unet.crossAttentionDim}]`)
  const build = (target: Target) => buildPromptContext(checkpoint.weights('unet'), unet, { batch, tokens, target })
  const session = await sessions.get('prompt_context', `${batch}x${tokens}`, build, options.signal)
  const feeds = await session.run({ encoder_hidden_states: embeds }, options.signal)
  await sessions.done('prompt_context')
  return feeds
}
