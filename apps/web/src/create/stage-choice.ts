// What the stage shows when a video is asked for: the new one, unless one that is still being made is watched there. That one
// stays until its end, and the new one waits in the strip above.

import type { VideoObject } from '../api/types.ts'
import { hasEnded } from '../watch/watched.ts'

/** `watched`: the video on the stage, if any. */
export function nextOnStage(watched: VideoObject | undefined, made: VideoObject): string {
  return watched && !hasEnded(watched) ? watched.id : made.id
}
