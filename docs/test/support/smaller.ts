// Loaded before a module that is marked [smaller: …]: every generation of it has 4 frames of 64x64 and takes 2 steps. What else is
// asked for stays as it is written.

import { type TextToVideoOptions, TextToVideoPipeline, type Video, type VideoToVideoOptions, VideoToVideoPipeline } from 'kinora'

type Generate<Pipeline, Options> = (this: Pipeline, options: Options) => Promise<Video>

const SMALL = { width: 64, height: 64, numInferenceSteps: 2 }

const text = TextToVideoPipeline.prototype
const generate = Reflect.get(text, 'generate') as Generate<TextToVideoPipeline, TextToVideoOptions>
text.generate = function (options) {
  return generate.call(this, { ...options, ...SMALL, numFrames: 4 })
}

const video = VideoToVideoPipeline.prototype
const redraw = Reflect.get(video, 'generate') as Generate<VideoToVideoPipeline, VideoToVideoOptions>
video.generate = function (options) {
  return redraw.call(this, { ...options, ...SMALL })
}
