// Twice the size, made by the model from the video itself: an edit of it at the larger size.

import type { Capabilities, VideoObject } from '../api/types.ts'
import { fieldOf, type Size } from '../settings/limits.ts'
import { type Settings, settingsOfVideo } from '../settings/settings.ts'

const FACTOR = 2
/** Keeps motion and shapes, and draws new detail. */
const STRENGTH = 0.6

export interface Upscale extends Size {
  /** False where the service makes no such large videos. */
  readonly possible: boolean
}

/** Undefined while the limits are not known. */
export function upscaleOf(
  video: Pick<VideoObject, 'model' | 'width' | 'height'>,
  capabilities: Capabilities | undefined,
): Upscale | undefined {
  if (!capabilities) return undefined
  const [width, height] = [video.width * FACTOR, video.height * FACTOR]
  const most = (name: 'width' | 'height') => fieldOf(capabilities, video.model, name)?.most ?? 0
  const possible = width * height <= capabilities.limits.pixels && width <= most('width') && height <= most('height')
  return { width, height, possible }
}

export function upscaleSettings(video: VideoObject, { width, height }: Size): Settings {
  return { ...settingsOfVideo(video), task: 'edit', source: { id: video.id }, width, height, strength: STRENGTH }
}
