// Videos: lists, one's state, its bytes, and what is done to them. Making them: settings/request.ts.

import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { addressOf } from '../base.ts'
import { ask } from './client.ts'
import type { QueueObject, VideoList, VideoObject } from './types.ts'

export interface VideoFilter {
  readonly search?: string
  readonly model?: string
  readonly starred?: boolean
  readonly status?: 'completed'
}

const PAGE = 100

/** One page of a list; `after` is the last video of the page before. */
export function videoPage(filter: VideoFilter, after: string | undefined, signal: AbortSignal): Promise<VideoList> {
  return ask('/v1/videos', { signal, query: { limit: PAGE, after, ...filter } })
}

export const videosQuery = (filter: VideoFilter = {}) =>
  infiniteQueryOptions({
    queryKey: ['videos', filter],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ signal, pageParam }) => videoPage(filter, pageParam, signal),
    getNextPageParam: (page) => (page.has_more ? (page.last_id ?? undefined) : undefined),
  })

export const videoQuery = (id: string) =>
  queryOptions({ queryKey: ['video', id], queryFn: ({ signal }) => ask<VideoObject>(`/v1/videos/${encodeURIComponent(id)}`, { signal }) })

export const queueQuery = queryOptions({
  queryKey: ['queue'],
  queryFn: ({ signal }) => ask<QueueObject>('/v1/queue', { signal }),
})

export type Variant = 'video' | 'thumbnail' | 'spritesheet' | 'webm' | 'gif'

/** Address of a finished video's bytes; `webm` and `gif` are made when they are first asked for. */
export function contentUrl(id: string, variant: Variant = 'video'): string {
  return addressOf(`v1/videos/${encodeURIComponent(id)}/content${variant === 'video' ? '' : `?variant=${variant}`}`)
}

export function cancelVideo(id: string): Promise<VideoObject> {
  return ask(`/v1/videos/${encodeURIComponent(id)}/cancel`, { method: 'POST' })
}

/** Each answers the ids that it changed. */
export function starVideos(ids: readonly string[], starred: boolean): Promise<{ ids: string[] }> {
  return ask('/v1/videos/star', { method: 'POST', body: { ids, starred } })
}

/** They can be restored for some minutes, then they are removed. */
export function trashVideos(ids: readonly string[]): Promise<{ ids: string[] }> {
  return ask('/v1/videos/trash', { method: 'POST', body: { ids } })
}

export function restoreVideos(ids: readonly string[]): Promise<{ ids: string[] }> {
  return ask('/v1/videos/restore', { method: 'POST', body: { ids } })
}
