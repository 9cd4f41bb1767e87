// A video's events as the browser's EventSource brings them. It tries nothing again by itself: watcher.ts does.

import type { VideoObject } from '../api/types.ts'
import { addressOf } from '../base.ts'
import type { VideoProgress } from './watched.ts'
import type { StreamListener } from './watcher-parts.ts'

/** Gives back what closes the stream. */
export function openStream(id: string, listener: StreamListener): () => void {
  const source = new EventSource(addressOf(`v1/videos/${encodeURIComponent(id)}/events?preview=true`))
  const on = <T>(kind: string, act: (data: T) => void): void => {
    source.addEventListener(kind, (event: MessageEvent<string>) => act(JSON.parse(event.data) as T))
  }
  on<VideoProgress>('progress', listener.progress)
  on<{ image_url: string }>('preview', (data) => listener.preview(data.image_url))
  on<VideoObject>('completed', listener.ended)
  // A deleted video has an id and nothing else.
  on<VideoObject | Pick<VideoObject, 'id'>>('failed', (video) => listener.ended('object' in video ? video : undefined))
  source.addEventListener('error', () => {
    source.close()
    listener.broken()
  })
  return () => source.close()
}
