// What a worker says of its models: it opens each once, with every adapter, and describes those that open. Whoever accepts requests
// (videos/) knows models by these descriptions alone.

import { sql } from 'drizzle-orm'
import type { Logger } from 'pino'
import type { Config, ModelConfig } from '../config/config.ts'
import type { Database } from '../db/open.ts'
import { models } from '../db/schema.ts'
import type { ModelDescription } from '../db/values.ts'
import type { Pipelines } from './pipelines.ts'

/** The bundled model is not among those that the library knows. */
const DEMO = { title: 'Kinora demo', license: 'Apache-2.0' }

/** Those that open; the others are logged. Rejects with the first one's error when none does. */
export async function describeModels(config: Config, pipelines: Pipelines, log: Logger): Promise<ModelDescription[]> {
  const described: ModelDescription[] = []
  let failure: unknown
  for (const model of config.models) {
    try {
      described.push(await describeModel(config, model, pipelines, log))
    } catch (error) {
      failure ??= error
      log.error({ err: error, model: model.name }, 'a model cannot be opened')
    }
  }
  if (described.length === 0) throw failure
  return described
}

async function describeModel(config: Config, model: ModelConfig, pipelines: Pipelines, log: Logger): Promise<ModelDescription> {
  const wish = { model: model.name }
  const pipe = await pipelines.textToVideo(wish)
  const editing = await pipelines.videoToVideo(wish)
  const { width, height, numFrames, numInferenceSteps, guidanceScale, fps } = pipe.defaults
  const known = model.source === 'demo' ? DEMO : pipe.preset
  return {
    name: model.name,
    title: known?.title ?? model.name,
    license: known?.license ?? null,
    defaults: {
      width,
      height,
      num_frames: numFrames,
      num_inference_steps: numInferenceSteps,
      guidance_scale: guidanceScale,
      edit_guidance_scale: editing.defaults.guidanceScale,
      strength: editing.defaults.strength,
      fps,
    },
    size_multiple: pipe.limits.scaleFactor,
    scheduler: pipe.scheduler.className,
    loras: await fittingLoras(config, model, pipelines, log),
  }
}

async function fittingLoras({ loras }: Config, model: ModelConfig, pipelines: Pipelines, log: Logger): Promise<string[]> {
  const fitting: string[] = []
  for (const { name } of loras) {
    try {
      await pipelines.textToVideo({ model: model.name, loras: [{ name, scale: 1 }] })
      fitting.push(name)
    } catch (error) {
      log.warn({ err: error, model: model.name, lora: name }, 'an adapter does not go with a model')
    }
  }
  return fitting
}

export async function announceModels(db: Database, descriptions: readonly ModelDescription[]): Promise<void> {
  for (const description of descriptions)
    await db
      .insert(models)
      .values({ name: description.name, description })
      .onConflictDoUpdate({ target: models.name, set: { description, announcedAt: sql`now()` } })
}
