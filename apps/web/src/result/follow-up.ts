// The form's settings for what is made from a finished video. What the source decides, and the seed, are left open.

import type { VideoObject } from '../api/types.ts'
import { type Settings, settingsOfVideo } from '../settings/settings.ts'

/** Video to video: the same length, another look. */
export function editSettings(video: VideoObject): Settings {
  return { ...fromVideo(video), task: 'edit' }
}

/** More frames, from its end on. */
export function continueSettings(video: VideoObject): Settings {
  return { ...fromVideo(video), task: 'extend' }
}

function fromVideo(video: VideoObject): Settings {
  const { prompt, model, negative_prompt, num_inference_steps, guidance_scale, scheduler, lora, task } = settingsOfVideo(video)
  return { task, prompt, model, negative_prompt, num_inference_steps, guidance_scale, scheduler, lora, source: { id: video.id } }
}
