// What a client can learn before it asks: models as they were announced, with the ranges that resolve.ts will hold it to.

import { SCHEDULER_NAMES } from 'kinora'
import { z } from 'zod'
import type { Identity } from '../accounts/identity.ts'
import { quotaOf } from '../accounts/quota.ts'
import { models, workers } from '../db/schema.ts'
import type { ModelDescription, VideoRequest } from '../db/values.ts'
import type { Services } from '../services.ts'
import { type BoundedField, boundsOf } from './bounds.ts'
import { offeredModels } from './models.ts'
import { moderationIsOn } from './moderation.ts'
import { roomOf } from './quota.ts'
import { defaultsOf } from './resolve.ts'
import { secondsPerWork } from './speed.ts'

const TASKS = ['generate', 'edit', 'extend'] as const
const task = z.enum(TASKS)

export const modelObject = z
  .object({
    id: z.string(),
    object: z.literal('model'),
    created: z.int().describe('when it was last announced'),
    owned_by: z.string(),
    title: z.string(),
    license: z.string().nullable().describe('as its publisher names it'),
    ready: z.boolean().describe('whether a worker that has it is there; a video that is asked for without one waits'),
    size_multiple: z.int().describe('width and height are multiples of it'),
    scheduler: z.string().describe('of a request that names none'),
    loras: z.array(z.string()),
    defaults: z.object({
      width: z.int(),
      height: z.int(),
      num_frames: z.int(),
      num_inference_steps: z.int(),
      guidance_scale: z.number(),
      edit_guidance_scale: z.number().optional(),
      strength: z.number(),
      fps: z.number(),
    }),
  })
  .meta({ id: 'Model' })

const field = z.object({
  name: z.string(),
  least: z.number(),
  most: z.number(),
  step: z.number().nullable().describe('between two values; null where any number may be given'),
  default: z.partialRecord(task, z.number()).describe('by task; absent where it follows from something else'),
  tasks: z.array(task).describe('those that take it'),
})

const orNone = z.number().nullable().describe('null is no bound')

export const capabilities = z
  .object({
    object: z.literal('capabilities'),
    default_model: z.string(),
    tasks: z.array(task),
    models: z.array(
      z.object({
        id: z.string(),
        fields: z.array(field),
        negative_prompt: z.string(),
        scheduler: z.string(),
        seconds_per_work: z.number().nullable().describe('of frames x pixels x steps, as its last videos took; null before the first'),
      }),
    ),
    schedulers: z.array(z.string()),
    limits: z.object({
      pixels: z.int().describe('most width x height'),
      frames: z.int(),
      steps: z.int(),
      prompt_length: z.int().describe('characters'),
      total_frames: z.int().describe('of a continued video as a whole'),
    }),
    uploads: z.object({ bytes: z.int(), frames: z.int(), seconds: z.int().describe('time to decode one') }),
    quota: z.object({ queued: orNone, per_day: orNone, work_per_day: orNone }),
    used: z.object({ queued: z.int(), per_day: z.int(), work_per_day: z.number() }),
    queue: z.object({ waiting: z.int(), most: z.int() }),
    moderation: z.boolean().describe('whether prompts are checked'),
  })
  .meta({ id: 'Capabilities' })

export async function modelObjectsOf(services: Services): Promise<z.infer<typeof modelObject>[]> {
  const { db } = services
  const [offered, alive, announced] = await Promise.all([
    offeredModels(services),
    db.select({ models: workers.models }).from(workers),
    db.select({ name: models.name, at: models.announcedAt }).from(models),
  ])
  return offered.map(({ name, ...description }) => ({
    id: name,
    object: 'model' as const,
    created: Math.floor((announced.find((row) => row.name === name)?.at.getTime() ?? 0) / 1000),
    owned_by: 'kinora',
    ...description,
    loras: [...description.loras],
    ready: alive.some((worker) => worker.models.includes(name)),
  }))
}

export async function capabilitiesOf(services: Services, { userId }: Identity): Promise<z.infer<typeof capabilities>> {
  const { db, config } = services
  const { limits } = config
  const [offered, quota, { waiting, used }, speeds] = await Promise.all([
    offeredModels(services),
    quotaOf(db, config, userId),
    roomOf(db, userId),
    secondsPerWork(db),
  ])
  return {
    object: 'capabilities',
    default_model: config.models[0]!.name,
    tasks: [...TASKS],
    models: offered.map((model) => {
      const { negative_prompt = '', scheduler = model.scheduler } = defaultsOf('generate', model, config)
      const seconds_per_work = speeds.get(model.name) ?? null
      return { id: model.name, fields: fieldsOf(services, model), negative_prompt, scheduler, seconds_per_work }
    }),
    schedulers: [...SCHEDULER_NAMES],
    limits: {
      pixels: limits.pixels,
      frames: limits.frames,
      steps: limits.steps,
      prompt_length: limits.promptLength,
      total_frames: Math.max(limits.frames, limits.uploadFrames),
    },
    uploads: { bytes: limits.uploadBytes, frames: limits.uploadFrames, seconds: limits.uploadSeconds },
    quota: { queued: quota.queued, per_day: quota.perDay, work_per_day: quota.workPerDay },
    used: { queued: used.queued, per_day: used.perDay, work_per_day: used.workPerDay },
    queue: { waiting, most: limits.queued },
    moderation: moderationIsOn(config),
  }
}

/** Which tasks take a field; the others that are not named here take all. */
const TAKEN_BY: Partial<Record<BoundedField, readonly VideoRequest['task'][]>> = {
  width: ['generate', 'edit'],
  height: ['generate', 'edit'],
  num_frames: ['generate', 'extend'],
  strength: ['edit', 'extend'],
  overlap: ['extend'],
}
/** What a given video decides where nobody says it. */
const FROM_VIDEO: ReadonlySet<string> = new Set(['width', 'height', 'num_frames', 'fps', 'overlap'])

function fieldsOf({ config }: Services, model: ModelDescription): z.infer<typeof field>[] {
  return Object.entries(boundsOf(config, model.size_multiple)).map(([name, { least, most, step }]) => {
    const tasks = TAKEN_BY[name as BoundedField] ?? TASKS
    const defaults = tasks.flatMap((each) => {
      const known: Readonly<Record<string, number | string | undefined>> = { ...defaultsOf(each, model, config), seed: -1 }
      const value = each !== 'generate' && FROM_VIDEO.has(name) ? undefined : known[name]
      return typeof value === 'number' ? [[each, Math.min(most, value)]] : []
    })
    return {
      name,
      least,
      most,
      step,
      default: Object.fromEntries(defaults) as Partial<Record<VideoRequest['task'], number>>,
      tasks: [...tasks],
    }
  })
}
