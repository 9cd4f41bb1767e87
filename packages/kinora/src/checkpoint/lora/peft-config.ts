// PEFT's LoraConfig, from adapter_config.json or from the metadata that diffusers writes into its single
// file: it yields the scale alpha / rank of each module. Options that make the adapter something else than
// W + scale * up x down are refused by name. PEFT: tuners/lora/config.py, utils/other.py (get_pattern_key).

import { CheckpointError } from '../../errors.ts'
import { excerpt, isJsonObject, type JsonObject, parseJsonObject, standardJson } from '../json.ts'
import type { LoraComponent } from './lora.ts'

/** alpha and scale of one module, undefined without a config for its component. `rank` is that of its tensors; another one in the config throws. */
export type ScaleRule = (module: string, rank: number, component: LoraComponent | undefined) => { alpha: number; scale: number } | undefined

/** Options and the values that change nothing; any other value is refused. Absent, null, false and {} always pass. */
const REFUSED: readonly (readonly [string, readonly unknown[]])[] = [
  ['use_dora', []],
  ['fan_in_fan_out', []],
  ['bias', ['none']],
  ['lora_bias', []],
  ['modules_to_save', []],
  ['use_qalora', []],
  ['use_bdlora', []],
  ['layer_replication', []],
  ['trainable_token_indices', []],
  ['target_parameters', []],
  ['alora_invocation_tokens', []],
  ['arrow_config', []],
  ['kasa_config', []],
  ['velora_config', []],
  ['monteclora_config', []],
]

/** Ways to start the training that also change the base weights, so that the adapter means another base. */
const CHANGES_BASE = /^(?:pissa|olora|loftq|corda|lora_ga)/

/** Throws CheckpointError naming the option that Kinora does not merge, or a value that makes no sense. `shown` is the file for messages. */
export function parsePeftConfig(config: JsonObject, shown: string): ScaleRule {
  if (config.peft_type !== 'LORA')
    throw new CheckpointError(`${shown} has peft_type ${excerpt(config.peft_type)}; Kinora merges adapters of type LORA`)
  for (const [option, harmless] of REFUSED) {
    const value = config[option]
    if (!isOff(value) && !harmless.includes(value))
      throw new CheckpointError(`${shown} has ${option} ${excerpt(value)}, which Kinora does not merge: merge this adapter in Python`)
  }
  const init = config.init_lora_weights
  if (typeof init === 'string' && CHANGES_BASE.test(init))
    throw new CheckpointError(
      `${shown} has init_lora_weights ${excerpt(init)}, which changed the base weights too: convert it to a plain LoRA with PEFT first`,
    )
  const rankPattern = pattern(config, 'rank_pattern', shown)
  const alphaPattern = pattern(config, 'alpha_pattern', shown)
  const defaultRank = positive(config.r ?? 8, 'r', shown)
  const defaultAlpha = finite(config.lora_alpha ?? 8, 'lora_alpha', shown)
  return (module, rank) => {
    const configured = rankPattern(module) ?? defaultRank
    if (configured !== rank)
      throw new CheckpointError(`${shown} gives ${excerpt(module)} the rank ${configured}, its tensors have rank ${rank}`)
    const alpha = alphaPattern(module) ?? defaultAlpha
    return { alpha, scale: alpha / (config.use_rslora === true ? Math.sqrt(rank) : rank) }
  }
}

/** diffusers' form: one JSON object with the configs of both components, their keys behind `unet.` and `text_encoder.`. */
export function parseDiffusersMetadata(text: string, shown: string): ScaleRule {
  const entries = Object.entries(parseJsonObject(standardJson(text), shown))
  const rules = new Map<LoraComponent, ScaleRule>()
  for (const component of ['unet', 'text_encoder'] as const) {
    const prefix = `${component}.`
    const own = entries.filter(([key]) => key.startsWith(prefix)).map(([key, value]) => [key.slice(prefix.length), value] as const)
    if (own.length > 0) rules.set(component, parsePeftConfig(Object.fromEntries(own), shown))
  }
  return (module, rank, component) => rules.get(component ?? 'unet')?.(module, rank, component)
}

function isOff(value: unknown): boolean {
  if (value === undefined || value === null || value === false) return true
  return (Array.isArray(value) && value.length === 0) || (isJsonObject(value) && Object.keys(value).length === 0)
}

/**
 * A pattern's value for a module: that of the first key that is the module's path or the end of it. PEFT takes the keys as regular
 * expressions; those that are more than a path are refused, since a stranger's expression can keep a machine busy for years.
 */
function pattern(config: JsonObject, option: string, shown: string): (module: string) => number | undefined {
  const entries = isJsonObject(config[option]) ? Object.entries(config[option]) : []
  const rules = entries.map(([key, value]) => {
    const path = key.replace(/^\^/, '').replace(/\$$/, '').replaceAll('\\.', '.')
    if (!/^[\w.]+$/.test(path))
      throw new CheckpointError(`${shown} has the ${option} ${excerpt(key)}; Kinora reads module paths there, not regular expressions`)
    return { path, whole: key.startsWith('^'), value: finite(value, `${option} of ${excerpt(key)}`, shown) }
  })
  return (module) => rules.find(({ path, whole }) => module === path || (!whole && module.endsWith(`.${path}`)))?.value
}

function finite(value: unknown, option: string, shown: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value))
    throw new CheckpointError(`${shown} has ${option} ${excerpt(value)}, not a number`)
  return value
}

function positive(value: unknown, option: string, shown: string): number {
  const number = finite(value, option, shown)
  if (!Number.isInteger(number) || number < 1)
    throw new CheckpointError(`${shown} has ${option} ${number}; a rank is a whole number from 1`)
  return number
}
