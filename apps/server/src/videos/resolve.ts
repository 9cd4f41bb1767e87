// The request that a wish comes to: every value that decides the video, explicit before the operator's before the model's.
// What was asked for is never changed in silence: it is taken as it is or refused, with the way out.

import { randomInt } from 'node:crypto'
import { ArgumentError, findScheduler } from 'kinora'
import type { Config } from '../config/config.ts'
import type { ModelDescription, VideoRequest } from '../db/values.ts'
import { boundsOf, LORA_SCALE, refusal, within } from './bounds.ts'
import { resolveFrames } from './frames.ts'
import { resolveSize } from './size.ts'
import type { RequestWish } from './wish.ts'

/** Of a video that continues another: the library's own. */
const EXTEND_STRENGTH = 0.9
const RANDOM_SEEDS = 2 ** 31

/** Every value of the video that is made. Throws ServerError with `param`. */
export function resolveRequest(wish: RequestWish, model: ModelDescription, config: Config): VideoRequest {
  const defaults = defaultsOf(wish.task, model, config)
  const bounds = boundsOf(config, model.size_multiple)
  const steps = wish.num_inference_steps ?? Math.min(defaults.num_inference_steps, bounds.num_inference_steps.most)
  const num_inference_steps = within('num_inference_steps', steps, bounds.num_inference_steps)
  const strength = resolveStrength(wish, num_inference_steps, defaults.strength, config)
  const scheduler = wish.scheduler ?? defaults.scheduler
  const lora = resolveLora(wish, model)
  return {
    task: wish.task,
    prompt: text('prompt', wish.prompt, config),
    negative_prompt: text('negative_prompt', wish.negative_prompt ?? defaults.negative_prompt ?? '', config),
    ...resolveFrames(wish, { defaults, bounds, limits: config.limits }),
    ...resolveSize(wish, { defaults, side: bounds.width, pixels: config.limits.pixels }),
    num_inference_steps,
    guidance_scale: within('guidance_scale', wish.guidance_scale ?? defaults.guidance_scale, bounds.guidance_scale),
    seed: resolveSeed(within('seed', wish.seed ?? -1, bounds.seed)),
    ...(scheduler !== undefined && { scheduler: checkedScheduler(scheduler) }),
    ...(lora.length > 0 && { lora }),
    ...(strength !== undefined && { strength }),
    ...(wish.source && { input: wish.source.key }),
  }
}

/** Frames x pixels x steps that are computed, which quotas count. */
export function workOf(request: VideoRequest): number {
  const { num_frames, overlap = 0, width, height, num_inference_steps, strength = 1 } = request
  return (num_frames + overlap) * width * height * stepsToRun(num_inference_steps, strength)
}

type Defaults = Omit<ModelDescription['defaults'], 'edit_guidance_scale'> & {
  readonly negative_prompt?: string
  readonly scheduler?: string
}

/** What stands where the wish is silent. */
export function defaultsOf(task: VideoRequest['task'], model: ModelDescription, config: Config): Defaults {
  const { edit_guidance_scale, ...own } = model.defaults
  const operator = Object.entries(config.models.find(({ name }) => name === model.name)?.defaults ?? {})
  return {
    ...own,
    ...(task === 'edit' && edit_guidance_scale !== undefined && { guidance_scale: edit_guidance_scale }),
    ...(Object.fromEntries(operator.filter(([, value]) => value !== undefined)) as Partial<Defaults>),
    ...(task === 'extend' && { strength: EXTEND_STRENGTH }),
  }
}

function text(name: 'prompt' | 'negative_prompt', value: string | undefined, { limits }: Config): string {
  if (name === 'prompt' && (value === undefined || value.trim() === ''))
    throw refusal('the prompt is empty: say what the video shows', name)
  const length = value?.length ?? 0
  if (length > limits.promptLength)
    throw refusal(
      `${name} has ${length} characters; at most ${limits.promptLength} are taken, and a model follows the first 75 words or so`,
      name,
    )
  return value ?? ''
}

function resolveStrength({ task, strength: wished }: RequestWish, steps: number, usual: number, config: Config): number | undefined {
  if (task === 'generate') {
    if (wished !== undefined) throw refusal('strength goes with a video to change or to continue: leave it out', 'strength')
    return undefined
  }
  const strength = within('strength', wished ?? usual, boundsOf(config, 1).strength)
  if (stepsToRun(steps, strength) < 1)
    throw refusal(`strength ${strength} of ${steps} steps leaves none to run: raise strength or num_inference_steps`, 'strength')
  return strength
}

/** In the library's arithmetic, which is the reference's. */
function stepsToRun(steps: number, strength: number): number {
  return Math.min(Math.trunc(steps * strength), steps)
}

function resolveSeed(seed: number): number {
  return seed === -1 ? randomInt(RANDOM_SEEDS) : seed
}

function checkedScheduler(name: string): string {
  try {
    findScheduler(name)
    return name
  } catch (error) {
    throw error instanceof ArgumentError ? refusal(error.message, 'scheduler') : error
  }
}

function resolveLora({ lora = [] }: RequestWish, model: ModelDescription): { name: string; scale: number }[] {
  const seen = new Set<string>()
  return lora.map(({ name, scale = 1 }) => {
    const shown = JSON.stringify(name.slice(0, 100))
    if (!model.loras.includes(name))
      throw refusal(
        `the model ${model.name} has no adapter ${shown}; ${model.loras.length > 0 ? `take one of ${model.loras.join(', ')}` : 'it has none'}`,
        'lora',
      )
    if (seen.has(name)) throw refusal(`the adapter ${shown} is named twice`, 'lora')
    seen.add(name)
    return { name, scale: within('lora', scale, LORA_SCALE) }
  })
}
