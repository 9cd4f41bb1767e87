// A model of a Kinora service as the AI SDK's video model (specification v4). Both ways of the SDK are there: doGenerate waits
// by itself, and cancels at the service what nobody waits for any more; doStart and doStatus leave the waiting to the caller.

import type { Experimental_VideoModelV4, Experimental_VideoModelV4Result } from '@ai-sdk/provider'
import { generateId } from '@ai-sdk/provider-utils'
import type { ServiceVideo } from './answers.ts'
import { untilCompleted } from './finished.ts'
import { metadataOf } from './metadata.ts'
import type { Answer } from './service.ts'
import type { ModelSettings } from './settings.ts'
import { type CallOptions, cancelAll, type Started, startVideos } from './start.ts'
import { statusOf } from './status.ts'

/** Of one call: each video is a job in the service's queue, which has limits of its own. */
const MOST_VIDEOS = 100

export function createVideoModel(modelId: string, settings: ModelSettings): Experimental_VideoModelV4 {
  /** The SDK repeats a call with the same object: the same key then finds what the lost answer told of. */
  const keys = new WeakMap<CallOptions, string>()

  function start(options: CallOptions): Promise<Started> {
    const given = Object.entries(options.headers ?? {}).find(([name]) => name.toLowerCase() === 'idempotency-key')?.[1]
    const key = given ?? keys.get(options) ?? `kinora_ai_sdk_${generateId()}`
    keys.set(options, key)
    return startVideos(options, { modelId, settings, key })
  }

  return {
    specificationVersion: 'v4',
    provider: 'kinora.video',
    modelId,
    maxVideosPerCall: MOST_VIDEOS,

    async doGenerate(options) {
      const timestamp = new Date()
      const started = await start(options)
      return { ...(await finishVideos(started, settings, options.abortSignal)), response: responseOf(started, modelId, timestamp) }
    },

    async doStart(options) {
      const timestamp = new Date()
      const started = await start(options)
      const ids = started.videos.map(({ value }) => value.id)
      const { warnings } = started
      return { operation: { ids }, warnings, providerMetadata: { kinora: { ids } }, response: responseOf(started, modelId, timestamp) }
    },

    doStatus: ({ operation, abortSignal, headers }) => statusOf(operation, { service: settings.open(headers), modelId, abortSignal }),
  }
}

/** Rejects when one of them fails, and cancels the others. */
async function finishVideos(
  { service, videos, warnings }: Started,
  { pollIntervalMs: intervalMs, onProgress }: ModelSettings,
  abortSignal: AbortSignal | undefined,
): Promise<Omit<Experimental_VideoModelV4Result, 'response'>> {
  const ending = new AbortController()
  const signal = abortSignal ? AbortSignal.any([abortSignal, ending.signal]) : ending.signal
  const finish = async ({ value: { id } }: Answer<ServiceVideo>) => {
    const video = await untilCompleted(service, id, { signal, intervalMs, onProgress })
    return { video, data: await service.content(id, signal) }
  }
  try {
    const made = await Promise.all(videos.map(finish))
    return {
      videos: made.map(({ data }) => ({ type: 'binary', data, mediaType: 'video/mp4' })),
      warnings,
      providerMetadata: { kinora: { videos: made.map(({ video }) => metadataOf(video)) } },
    }
  } catch (error) {
    ending.abort()
    await cancelAll(service, videos)
    throw error
  }
}

function responseOf({ videos: [first] }: Started, modelId: string, timestamp: Date): Experimental_VideoModelV4Result['response'] {
  return { timestamp, modelId: first?.value.model ?? modelId, headers: first?.responseHeaders }
}
