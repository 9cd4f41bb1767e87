// What a watcher (watcher.ts) is given: the stream, the question, and who hears of it.

import type { VideoObject } from '../api/types.ts'
import type { VideoProgress } from './watched.ts'

export interface StreamListener {
  readonly progress: (progress: VideoProgress) => void
  readonly preview: (address: string) => void
  /** The last event; undefined for a video that was deleted. */
  readonly ended: (video: VideoObject | undefined) => void
  /** Whatever the reason: nothing comes any more. */
  readonly broken: () => void
}

export interface WatcherParts {
  /** Gives back what closes the stream. */
  readonly open: (listener: StreamListener) => () => void
  readonly ask: () => Promise<VideoObject>
  /** Undefined for a video that was deleted. */
  readonly onVideo: (video: VideoObject | undefined) => void
  readonly onProgress: (progress: VideoProgress) => void
  readonly onPreview: (address: string) => void
  readonly onConnected: (isConnected: boolean) => void
}
