// The provider of this machine's own models. It holds engine processes, so it is to be disposed of when it is needed no more.

import type { LoadOptions, Progress } from 'kinora'
import { type KinoraProvider, videoProvider } from '../provider.ts'
import { createLocalModel } from './model.ts'
import { type ModelSource, openPipelines } from './pipelines.ts'

export interface LocalKinoraSettings extends Pick<LoadOptions, 'device' | 'precision' | 'threads' | 'memoryLimit' | 'cache' | 'token'> {
  /** Names for models: `{ surf: './my-fine-tune' }`, or with options: `{ ms: { source: 'damo-vilab/text-to-video-ms-1.7b', variant: 'fp16' } }`. */
  readonly models?: Readonly<Record<string, ModelSource>>
  /** How far a generation is; also of a download, for models that are not here yet. */
  readonly onProgress?: (progress: Progress) => void
}

export interface LocalKinora extends KinoraProvider, AsyncDisposable {
  /** Ends the engine processes. The provider may be used again; it then starts new ones. */
  dispose(): Promise<void>
}

/**
 * Models by a name of `models`, `demo` for the bundled one (`@kinora/demo-model`), a folder, or a name of the hub, from which
 * it is downloaded once.
 */
export function createLocalKinora({ models = {}, onProgress, ...load }: LocalKinoraSettings = {}): LocalKinora {
  const pipelines = openPipelines(models, { ...load, ...(onProgress && { onProgress }) })
  const dispose = () => pipelines.dispose()
  return {
    ...videoProvider((modelId) => createLocalModel(modelId, pipelines, { onProgress })),
    dispose,
    [Symbol.asyncDispose]: dispose,
  }
}
