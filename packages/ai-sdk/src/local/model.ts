// A model of this machine as the AI SDK's video model (specification v4). Videos are made one after the other, whoever asks;
// an abort ends the engine's work within a second.

import { randomInt } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Experimental_VideoModelV4, JSONObject, SharedV4Warning } from '@ai-sdk/provider'
import { parseProviderOptions } from '@ai-sdk/provider-utils'
import type { Progress, Video } from 'kinora'
import { findScheduler, saveVideo, schedulerFromConfig } from 'kinora'
import { callOf } from './call.ts'
import { localModelOptions } from './options.ts'
import type { Opened, Pipelines } from './pipelines.ts'

export interface LocalModelSettings {
  readonly onProgress?: ((progress: Progress) => void) | undefined
}

/** One is drawn here where none is given, so that several videos count up from it. */
const RANDOM_SEEDS = 2 ** 31
const MOST_VIDEOS = 100

export function createLocalModel(modelId: string, pipelines: Pipelines, { onProgress }: LocalModelSettings): Experimental_VideoModelV4 {
  return {
    specificationVersion: 'v4',
    provider: 'kinora.local',
    modelId,
    maxVideosPerCall: MOST_VIDEOS,

    async doGenerate(given) {
      const timestamp = new Date()
      const { abortSignal: signal, providerOptions, n, seed = randomInt(RANDOM_SEEDS) } = given
      const own = (await parseProviderOptions({ provider: 'kinora', providerOptions, schema: localModelOptions })) ?? {}
      const opened = await pipelines.open(modelId)
      const { options, fps, warnings } = callOf(given, own, opened.pipe)
      const listeners = { ...(signal && { signal }), ...(onProgress && { onProgress }) }
      const made: { video: Video; data: Uint8Array }[] = []
      for (let i = 0; i < n; i++)
        made.push(
          await pipelines.run(
            opened,
            async () => {
              useScheduler(opened, own.scheduler)
              const video = await opened.pipe.generate({ ...options, seed: seed + i, ...listeners })
              return { video, data: await mp4Of(video, fps, signal) }
            },
            signal,
          ),
        )
      return {
        videos: made.map(({ data }) => ({ type: 'binary', data, mediaType: 'video/mp4' })),
        warnings: [...warnings, ...saidBy(made.map(({ video }) => video))],
        providerMetadata: { kinora: { videos: made.map(({ video }) => metadataOf(video, modelId, fps)) } },
        response: { timestamp, modelId, headers: undefined },
      }
    },
  }
}

/** Samples as the call says, or as the checkpoint does. Throws ArgumentError for an unknown name. */
function useScheduler({ pipe, scheduler }: Opened, name: string | undefined): void {
  const { className, config } = name === undefined ? { className: scheduler.className, config: {} } : findScheduler(name)
  pipe.scheduler = name === undefined ? scheduler : schedulerFromConfig({ ...scheduler.config, ...config }, className)
}

async function mp4Of(video: Video, fps: number, signal: AbortSignal | undefined): Promise<Uint8Array> {
  const folder = await mkdtemp(path.join(tmpdir(), 'kinora-'))
  try {
    const file = path.join(folder, 'video.mp4')
    await saveVideo(video, file, { fps, ...(signal && { signal }) })
    return new Uint8Array(await readFile(file))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function saidBy(videos: readonly Video[]): SharedV4Warning[] {
  return [...new Set(videos.flatMap(({ warnings }) => warnings))].map((message) => ({ type: 'other', message }))
}

function metadataOf({ settings }: Video, model: string, fps: number): JSONObject {
  const { prompt: _prompt, negativePrompt, guidanceInterval: _interval, ...values } = settings
  return { model, ...values, negativePrompt: negativePrompt[0] ?? '', fps }
}
