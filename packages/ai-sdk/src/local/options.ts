// What `providerOptions.kinora` may hold where the library generates by itself: settings of one generation. Adapters are the
// provider's matter, since they are part of an opened model.

import { type InferSchema, lazySchema, zodSchema } from '@ai-sdk/provider-utils'
import { z } from 'zod/v4'
import { commonOptions } from '../options.ts'

export const localModelOptions = lazySchema(() =>
  zodSchema(
    z.strictObject({
      ...commonOptions,
      /** Takes back the contrast that guidance adds, 0 to 1. */
      guidanceRescale: z.number().optional(),
      /** Layers of the text encoder to leave out at the end. */
      clipSkip: z.int().optional(),
      /** Lets the last frame lead to the first. */
      loop: z.boolean().optional(),
    }),
  ),
)

export type KinoraLocalModelOptions = InferSchema<typeof localModelOptions>
