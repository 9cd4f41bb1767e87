// What a Kinora service answers, as far as it is read here. Its own document of all fields is /openapi.json; fields that are
// not named are left out, so that a newer service answers well, too.

import { z } from 'zod/v4'

export const videoSchema = z.object({
  id: z.string(),
  model: z.string(),
  status: z.enum(['queued', 'in_progress', 'completed', 'failed']),
  progress: z.number(),
  created_at: z.number(),
  seconds: z.string(),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
  task: z.enum(['generate', 'edit', 'extend']),
  negative_prompt: z.string(),
  width: z.number(),
  height: z.number(),
  num_frames: z.number(),
  fps: z.number(),
  num_inference_steps: z.number(),
  guidance_scale: z.number(),
  seed: z.number(),
  scheduler: z.string().optional(),
  strength: z.number().optional(),
  lora: z.array(z.object({ name: z.string(), scale: z.number() })).optional(),
  queue_position: z.number().nullable(),
  phase: z.string().nullable(),
  step: z.number().nullable(),
  total_steps: z.number().nullable(),
  seconds_left: z.number().nullable(),
  warnings: z.array(z.string()),
})

export const modelSchema = z.object({
  size_multiple: z.number(),
  defaults: z.object({ width: z.number(), height: z.number() }),
})

export const errorSchema = z.object({ error: z.object({ message: z.string() }) })

export type ServiceVideo = z.infer<typeof videoSchema>
export type ServiceModel = z.infer<typeof modelSchema>
