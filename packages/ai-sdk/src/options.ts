// What `providerOptions.kinora` may hold: the settings of this model family that the AI SDK has no names for. Names are the
// library's; ranges are the service's or the library's to judge, which know the model and say what would be right.

import { type InferSchema, lazySchema, zodSchema } from '@ai-sdk/provider-utils'
import { z } from 'zod/v4'

/** What both doors take. */
export const commonOptions = {
  /** What to steer away from. */
  negativePrompt: z.string().optional(),
  /** More take longer and show more detail. */
  numInferenceSteps: z.int().optional(),
  /** How closely the prompt is followed; 1 and below turns guidance off. */
  guidanceScale: z.number().optional(),
  /** Wins over `duration`. */
  numFrames: z.int().optional(),
  /** The sampler, such as `dpm++2m`. */
  scheduler: z.string().optional(),
}

export const videoModelOptions = lazySchema(() =>
  zodSchema(
    z.strictObject({
      ...commonOptions,
      /** How far a given picture or video may be left, above 0 to 1. */
      strength: z.number().optional(),
      /** Adapters by name, of those that the service offers for the model. */
      lora: z.array(z.union([z.string(), z.strictObject({ name: z.string(), scale: z.number().optional() })])).optional(),
      /** What becomes of a video among `inputReferences`: redrawn (the default), or continued. */
      task: z.enum(['edit', 'extend']).optional(),
    }),
  ),
)

export type KinoraVideoModelOptions = InferSchema<typeof videoModelOptions>
