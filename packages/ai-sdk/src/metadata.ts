// What the result of a call says of each video: the values that made it, the seed included, under the names of providerOptions.

import type { JSONObject } from '@ai-sdk/provider'
import type { ServiceVideo } from './answers.ts'

/** Under `providerMetadata.kinora.videos`, in the order of the result's videos. */
export function metadataOf(video: ServiceVideo): JSONObject {
  const { negative_prompt, num_frames, num_inference_steps, guidance_scale, scheduler, strength, lora } = video
  return {
    id: video.id,
    model: video.model,
    task: video.task,
    seed: video.seed,
    width: video.width,
    height: video.height,
    numFrames: num_frames,
    fps: video.fps,
    duration: Number(video.seconds),
    negativePrompt: negative_prompt,
    numInferenceSteps: num_inference_steps,
    guidanceScale: guidance_scale,
    ...(scheduler !== undefined && { scheduler }),
    ...(strength !== undefined && { strength }),
    ...(lora && { lora }),
  }
}
