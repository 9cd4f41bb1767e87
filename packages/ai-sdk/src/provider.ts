// The provider: a Kinora service, and its models by the names that the service offers. It makes videos and nothing else.

import { type Experimental_VideoModelV4, NoSuchModelError, type ProviderV4 } from '@ai-sdk/provider'
import { createVideoModel } from './model.ts'
import { type KinoraProviderSettings, modelSettings } from './settings.ts'

export interface KinoraProvider extends ProviderV4 {
  /** A model by the name that the service has for it, such as `demo`. */
  video(modelId: string): Experimental_VideoModelV4
  /** The same, as registries ask for it. */
  videoModel(modelId: string): Experimental_VideoModelV4
}

export function createKinora(settings: KinoraProviderSettings = {}): KinoraProvider {
  return videoProvider((modelId) => createVideoModel(modelId, modelSettings(settings)))
}

/** The service that KINORA_BASE_URL and KINORA_API_KEY name. */
export const kinora: KinoraProvider = createKinora()

/** A provider of video models only. */
export function videoProvider(video: (modelId: string) => Experimental_VideoModelV4): KinoraProvider {
  const none = (modelType: 'languageModel' | 'embeddingModel' | 'imageModel') => (modelId: string) => {
    throw new NoSuchModelError({ modelId, modelType, message: `Kinora makes videos: take kinora.video(${JSON.stringify(modelId)})` })
  }
  return {
    specificationVersion: 'v4',
    languageModel: none('languageModel'),
    embeddingModel: none('embeddingModel'),
    imageModel: none('imageModel'),
    video,
    videoModel: video,
  }
}
