// A request as it stands in a row, for tests to which its values are no matter.

import type { VideoRequest } from '../../src/db/values.ts'

export const REQUEST: VideoRequest = {
  task: 'generate',
  prompt: 'a panda',
  negative_prompt: '',
  num_frames: 16,
  fps: 8,
  num_inference_steps: 2,
  guidance_scale: 9,
  seed: 1,
  width: 64,
  height: 64,
}
