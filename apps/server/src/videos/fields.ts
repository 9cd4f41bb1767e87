// The bodies that make videos, as JSON or as a form, in which every value is a text. Types only: which values may be had depends
// on the model and the configuration, and is said by resolve.ts in better sentences. An unknown field is refused, since it would
// be a misspelt one.

import { SCHEDULER_NAMES } from 'kinora'
import { z } from 'zod'

/** Longest text that is looked at; prompts have their own limit. */
const MOST_NAME = 200
const NUMBER = /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?\s*$/i

const number = z.union([z.number(), z.string().max(MOST_NAME).regex(NUMBER, 'it is no number').transform(Number)]).pipe(z.number())
const whole = number.pipe(z.int('it must be a whole number'))
const name = z.string().min(1).max(MOST_NAME)

/** Clients send null for what they leave open. */
const open = <T extends z.ZodType>(type: T) => type.nullish().transform((value) => value ?? undefined)

const adapter = z.union([
  name.transform((of) => ({ name: of, scale: undefined })),
  z.strictObject({ name, scale: open(number).describe('how strongly, usually 0 to 1') }),
])
const prompt = z.string().describe('what the video shows; models of this family read English')

const values = {
  model: open(name).describe('of GET /v1/models; the first is the default'),
  negative_prompt: open(z.string()).describe('what to steer away from'),
  size: open(name).describe('WIDTHxHEIGHT; or width and height'),
  width: open(whole).describe("pixels, a multiple of the model's size_multiple"),
  height: open(whole).describe("pixels, a multiple of the model's size_multiple"),
  seconds: open(number).describe('with fps it gives the frames, where num_frames does not'),
  num_frames: open(whole).describe('wins over seconds'),
  fps: open(number).describe('frames a second that the video plays at'),
  num_inference_steps: open(whole).describe('more take longer and show more detail'),
  guidance_scale: open(number).describe('how closely the prompt is followed; 1 and below turns guidance off'),
  seed: open(whole).describe('the same request with the same seed makes the same video; -1 draws one, which the answer reports'),
  scheduler: open(name).describe(`the sampler: ${SCHEDULER_NAMES.slice(0, 4).join(', ')}, ... of GET /v1/capabilities`),
  lora: open(z.union([adapter.transform((one) => [one]), z.array(adapter).max(100)])).describe("adapters by name, of the model's loras"),
  priority: open(whole.pipe(z.int().min(-1000).max(1000))).describe('higher ones first; for administrators'),
}
const ofVideo = {
  strength: open(number).describe('how far the given video may be left, above 0 to 1: 1 forgets it'),
  overlap: open(whole).describe('frames of the given video that a continued one begins with'),
}
const earlier = z.strictObject({ id: name.describe('of an earlier video') })

export const createFields = z.strictObject({
  prompt,
  ...values,
  ...ofVideo,
  input_reference: open(
    z.union([
      z.strictObject({ image_url: z.string().describe('a data URL of a picture or video; nothing is fetched') }),
      earlier,
      z.string().transform((url) => ({ image_url: url })),
    ]),
  ).describe('a picture, which the video begins with, or a video, which is changed; in a form it may be a file'),
})

export const remixFields = z.strictObject({ prompt, ...values, ...ofVideo })

const video = open(z.union([earlier, name.transform((id) => ({ id }))])).describe('an earlier video; in a form it may be a file')

export const editFields = z.strictObject({ prompt, ...values, strength: ofVideo.strength, video })

export const extendFields = z.strictObject({ prompt, ...values, ...ofVideo, video })
