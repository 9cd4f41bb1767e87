// Where a model is: the folder that was named, or the hub's cache, into which it is downloaded first when
// it is not there.

import { pullModel } from '#hub'
import type { PulledModel } from '../checkpoint/hub/hub.ts'
import type { Progress } from './options.ts'

export interface DownloadOptions {
  /** Branch, tag or commit at the hub; also as `owner/name@revision`. Default main. */
  revision?: string
  /** Folder of downloaded models. Default: that of Python's huggingface_hub. */
  cache?: string
  /** Access token of the hub. Default HF_TOKEN. */
  token?: string
  /** Ends a download; it goes on from there the next time. */
  signal?: AbortSignal
  onProgress?: (progress: Progress) => void
  /** Called when the hub does not answer and what is in the cache is taken. */
  onWarning?: (message: string) => void
}

interface Wish extends DownloadOptions {
  variant?: string
  preferHalf?: boolean
}

/** Throws ArgumentError for a malformed name, CheckpointError when it is neither here nor to be had. */
export async function locateModel(model: string, { onProgress, onWarning, ...options }: Wish): Promise<PulledModel> {
  const tell = onProgress && {
    onProgress: ({ overallBytes, overallTotal }: { overallBytes: number; overallTotal: number }) =>
      onProgress({ phase: 'downloading', step: overallBytes, total: overallTotal }),
  }
  const { revision, cache, token, signal, variant, preferHalf } = options
  const given = Object.entries({ revision, cache, token, signal, variant, preferHalf }).filter(([, value]) => value !== undefined)
  const pulled = await pullModel(model, { ...Object.fromEntries(given), ...tell })
  if (pulled.problem !== undefined) onWarning?.(pulled.problem)
  return pulled
}
