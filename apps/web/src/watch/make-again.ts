// The same video once more, or with other values: what it started from comes along, which settings alone do not say.

import { ask } from '../api/client.ts'
import type { VideoObject } from '../api/types.ts'
import { requestVideo } from '../settings/request.ts'
import { settingsOfVideo } from '../settings/settings.ts'

/** Rejects with ApiError. */
export function makeAgain(video: VideoObject, changes: { readonly seed?: number } = {}): Promise<VideoObject> {
  const { task, id, prompt, seed } = video
  if (task === 'generate') return requestVideo({ ...settingsOfVideo(video), ...changes })
  return ask(`/v1/videos/${encodeURIComponent(id)}/remix`, { method: 'POST', body: { prompt: prompt ?? '', seed, ...changes } })
}
