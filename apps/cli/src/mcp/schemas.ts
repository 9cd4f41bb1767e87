// What the tools take and answer. Names are those of the HTTP API; the ranges here keep a slip of an assistant from becoming an
// hour of work, the library judges what the model can do.

import { SCHEDULER_NAMES } from 'kinora'
import { z } from 'zod'

const MOST_SIDE = 1280
const MOST_FRAMES = 200
const MOST_STEPS = 150
const MOST_GUIDANCE = 100
const MOST_PROMPT = 2000

const side = z.int().min(16).max(MOST_SIDE).multipleOf(8).optional()

export const generateInput = z.strictObject({
  prompt: z
    .string()
    .trim()
    .min(1)
    .max(MOST_PROMPT)
    .describe('What the video shows, in English: subject, action, place, style. The model follows the first 75 words or so.'),
  negative_prompt: z.string().max(MOST_PROMPT).optional().describe('What to steer away from.'),
  model: z.string().max(200).optional().describe('A name of list_models; left out, the default one.'),
  width: side.describe("Pixels, a multiple of 8. Left out, the model's own size, which looks best."),
  height: side.describe('As width.'),
  num_frames: z.int().min(1).max(MOST_FRAMES).optional().describe("Time and memory grow with it. Left out, the model's own."),
  fps: z.number().min(1).max(60).optional().describe('Frames a second that the file plays at; length is num_frames / fps.'),
  num_inference_steps: z
    .int()
    .min(1)
    .max(MOST_STEPS)
    .optional()
    .describe("More take longer and show more detail. Left out, the model's own."),
  guidance_scale: z
    .number()
    .min(0)
    .max(MOST_GUIDANCE)
    .optional()
    .describe("How closely the prompt is followed. Left out, the model's own."),
  seed: z.int().min(0).optional().describe('The same seed and settings make the same video. Left out, one is drawn, and told.'),
  scheduler: z
    .string()
    .max(100)
    .optional()
    .describe(`The sampler, one of ${SCHEDULER_NAMES.join(', ')}. Left out, the model's own.`),
  format: z.enum(['mp4', 'webm', 'gif', 'webp']).default('mp4').describe('Of the file.'),
})

export type GenerateInput = z.output<typeof generateInput>

export const generateOutput = z.object({
  path: z.string(),
  uri: z.string(),
  media_type: z.string(),
  bytes: z.int(),
  model: z.string(),
  license: z.string().nullable(),
  prompt: z.string(),
  seed: z.union([z.int(), z.string()]).describe('a text beyond 2^53 - 1'),
  width: z.int(),
  height: z.int(),
  num_frames: z.int(),
  fps: z.number(),
  num_inference_steps: z.int(),
  guidance_scale: z.number(),
  scheduler: z.string(),
  seconds_taken: z.number(),
  warnings: z.array(z.string()),
})

export type GenerateOutput = z.infer<typeof generateOutput>

export const modelsOutput = z.object({
  default: z.string(),
  models: z.array(
    z.object({
      name: z.string(),
      title: z.string(),
      available: z.boolean().describe('whether generate_video takes it'),
      license: z.string().nullable().describe('as its publisher names it; null where none is known'),
      license_note: z.string().nullable(),
      width: z.int().nullable(),
      height: z.int().nullable(),
      num_frames: z.int().nullable(),
      num_inference_steps: z.int().nullable(),
      how_to_get: z.string().nullable(),
    }),
  ),
})

export const statusOutput = z.object({
  version: z.string(),
  output: z.string().describe('the folder of the videos'),
  device: z.string(),
  loaded_model: z.string().nullable().describe('the one in memory'),
  running: z
    .object({ prompt: z.string(), percent: z.number(), phase: z.string(), step: z.int(), total: z.int(), seconds: z.number() })
    .nullable(),
  waiting: z.int().describe('videos that wait for the running one'),
  memory: z.object({ free_bytes: z.int(), engine_peak_bytes: z.int().nullable().describe('of the last video') }),
})

export const settingsInput = z.strictObject({
  file: z.string().min(1).max(4096).describe('A video that was made here: its name in the output folder, its path or its file:// address.'),
})

export const settingsOutput = z.object({ path: z.string(), settings: z.record(z.string(), z.unknown()) })
