// Begins the videos of one call at the service: one job each, with the seeds `seed`, `seed + 1`, … All or none: when one is
// refused, those before it are cancelled.

import { APICallError, type Experimental_VideoModelV4CallOptions, type SharedV4Warning } from '@ai-sdk/provider'
import { parseProviderOptions } from '@ai-sdk/provider-utils'
import type { ServiceVideo } from './answers.ts'
import { creationOf } from './creation.ts'
import { videoModelOptions } from './options.ts'
import type { Answer, Creation, Service } from './service.ts'
import type { ModelSettings } from './settings.ts'
import { durationWarnings } from './unsupported.ts'

export type CallOptions = Experimental_VideoModelV4CallOptions

export interface Started {
  readonly service: Service
  readonly videos: readonly Answer<ServiceVideo>[]
  readonly warnings: SharedV4Warning[]
}

interface Wanted {
  readonly modelId: string
  readonly settings: ModelSettings
  /** Names this call: the same again finds the videos that it made before. */
  readonly key: string
}

export async function startVideos(options: CallOptions, { modelId, settings, key }: Wanted): Promise<Started> {
  const { duration, providerOptions } = options
  const own = (await parseProviderOptions({ provider: 'kinora', providerOptions, schema: videoModelOptions })) ?? {}
  const service = settings.open(options.headers)
  const { creation, warnings } = await creationOf(options, own, { modelId, service, fetch: settings.fetch })
  const videos = await createAll(service, creation, options, key)
  const [first] = videos
  const rounded = first && own.numFrames === undefined ? durationWarnings(duration, first.value.num_frames, first.value.fps) : []
  const said = new Set(videos.flatMap(({ value }) => value.warnings))
  return {
    videos,
    service,
    warnings: [...warnings, ...rounded, ...[...said].map((message): SharedV4Warning => ({ type: 'other', message }))],
  }
}

async function createAll(service: Service, creation: Creation, { n, seed, abortSignal }: CallOptions, key: string) {
  const videos: Answer<ServiceVideo>[] = []
  // Small requests are not torn off by an abort: what they made could not be cancelled.
  const signal = creation.upload && abortSignal
  try {
    for (let i = 0; i < n; i++) {
      abortSignal?.throwIfAborted()
      const fields = seed === undefined ? creation.fields : { ...creation.fields, seed: seed + i }
      videos.push(await service.create({ ...creation, fields }, n === 1 ? key : `${key}-${i}`, signal))
    }
    abortSignal?.throwIfAborted()
    return videos
  } catch (error) {
    // What may be tried again is: its first videos are then found by their keys.
    if (!(APICallError.isInstance(error) && error.isRetryable)) await cancelAll(service, videos)
    throw error
  }
}

export async function cancelAll(service: Service, videos: readonly Answer<ServiceVideo>[]): Promise<void> {
  await Promise.all(videos.map(({ value }) => service.cancel(value.id)))
}
