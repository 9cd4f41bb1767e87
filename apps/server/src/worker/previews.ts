// The picture of a video while it is made: its middle frame's latents as colours, at most once a second. What a finished video shows
// of latents and colours makes the next ones better.

import { eq } from 'drizzle-orm'
import type { DenoiseStep, Video } from 'kinora'
import type { Logger } from 'pino'
import type { Database } from '../db/open.ts'
import { models, previews } from '../db/schema.ts'
import type { PreviewMap } from '../db/values.ts'
import { type Latest, latest } from './latest.ts'
import { previewJpeg } from './pictures.ts'
import type { Pipeline } from './pipelines.ts'
import { fitPreviewMap, paintLatents, SD_MAP } from './preview-map.ts'

const EVERY_MS = 1000
/** What takes less needs no preview. */
const FIRST_MS = 300
/** A checkpoint of the family's full size has Stable Diffusion's autoencoder. */
const FULL_SIZE_BYTES = 2 ** 30
/** A map that differs by less is the same. */
const SAME = 0.02

/** Of one worker, for all its models. */
export interface PreviewMaps {
  of(model: string, pipe: Pipeline): Promise<PreviewMap | undefined>
  /** Never rejects: a video does not fail for its preview. */
  learn(model: string, video: Video): Promise<void>
}

export function previewMaps(db: Database, log: Logger): PreviewMaps {
  const known = new Map<string, PreviewMap>()
  return {
    async of(model, { preset, weightBytes }) {
      const here = known.get(model)
      if (here) return here
      const [row] = await db.select({ map: models.previewMap }).from(models).where(eq(models.name, model))
      const map = row?.map ?? (preset || weightBytes.total > FULL_SIZE_BYTES ? SD_MAP : undefined)
      if (map) known.set(model, map)
      return map
    },
    async learn(model, video) {
      try {
        const before = known.get(model)
        const map = fitPreviewMap(video, before)
        if (!map || (before && isSame(map, before))) return
        known.set(model, map)
        await db.update(models).set({ previewMap: map }).where(eq(models.name, model))
      } catch (error) {
        log.warn({ err: error, model }, 'the preview of a model cannot be learned')
      }
    },
  }
}

function isSame(a: PreviewMap, b: PreviewMap): boolean {
  return a.every((row, c) => row.every((value, i) => Math.abs(value - b[c]![i]!) < SAME))
}

export interface JobPreviews {
  readonly onStep: (step: DenoiseStep) => void
  /** Stops, and takes the picture away. */
  stop(): Promise<void>
}

interface PreviewOptions {
  readonly db: Database
  readonly videoId: string
  /** Without one there are no previews. */
  readonly map: PreviewMap | undefined
  readonly log: Logger
}

export function jobPreviews({ db, videoId, map, log }: PreviewOptions): JobPreviews {
  let shown = false
  const pump: Latest<DenoiseStep> = latest(
    EVERY_MS,
    async ({ step, latents }) => {
      try {
        const [, , count, height, width] = latents.shape as [number, number, number, number, number]
        const jpeg = await previewJpeg({ data: paintLatents(latents, Math.floor(count / 2), map!), width, height })
        shown = true
        await db.insert(previews).values({ videoId, step, jpeg }).onConflictDoUpdate({ target: previews.videoId, set: { step, jpeg } })
      } catch (error) {
        log.debug({ err: error }, 'no preview')
      }
    },
    FIRST_MS,
  )
  return {
    onStep: (step) => {
      if (map) pump.push(step)
    },
    async stop() {
      await pump.stop()
      if (shown)
        await db
          .delete(previews)
          .where(eq(previews.videoId, videoId))
          .catch((error: unknown) => log.debug({ err: error }, 'a preview stays'))
    },
  }
}
