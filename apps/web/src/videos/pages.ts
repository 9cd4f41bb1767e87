// Lists of videos as the query cache holds them, page by page: what taking some out, changing some, or a newer answer for one
// page makes of them. Pure; what does not change stays the same object, so that cards are not drawn again.

import type { InfiniteData } from '@tanstack/react-query'
import type { VideoList, VideoObject } from '../api/types.ts'

export type Pages = InfiniteData<VideoList>

export function videosIn({ pages }: Pages): VideoObject[] {
  return pages.flatMap(({ data }) => data)
}

export function withoutVideos(pages: Pages, ids: ReadonlySet<string>): Pages {
  return mapPages(pages, (data) => (data.some(({ id }) => ids.has(id)) ? data.filter(({ id }) => !ids.has(id)) : data))
}

export function withStars(pages: Pages, ids: ReadonlySet<string>, starred: boolean): Pages {
  const isOther = (video: VideoObject) => ids.has(video.id) && video.starred !== starred
  return mapPages(pages, (data) => (data.some(isOther) ? data.map((video) => (isOther(video) ? { ...video, starred } : video)) : data))
}

/** Pages that have a video which waits or is being made; the first one always, since new videos come there. */
export function activePages({ pages }: Pages): number[] {
  return pages.flatMap(({ data }, index) => (index === 0 || data.some(isActive) ? [index] : []))
}

export function isActive({ status }: VideoObject): boolean {
  return status === 'queued' || status === 'in_progress'
}

/**
 * With a newer answer in the place of page `index`, asked for with the cursor that this page has. A page may have grown beyond
 * what is asked for at once: what is older than the answer stays. Undefined when the two have nothing in common, so that
 * what lies between them is not known.
 */
export function withFresh({ pages, pageParams }: Pages, index: number, fresh: VideoList): Pages | undefined {
  const old = pages[index]
  if (!old) return undefined
  const ids = new Set(fresh.data.map(({ id }) => id))
  const last = old.data.findLastIndex(({ id }) => ids.has(id))
  if (last < 0 && fresh.has_more) return undefined
  const older = fresh.has_more ? old.data.slice(last + 1) : []
  const isLast = index === pages.length - 1
  const page = listOf([...fresh.data, ...older], isLast && older.length === 0 ? fresh.has_more : old.has_more)
  return { pageParams, pages: pages.with(index, page) }
}

function mapPages({ pages, pageParams }: Pages, change: (data: VideoObject[]) => VideoObject[]): Pages {
  return {
    pageParams,
    pages: pages.map((page) => {
      const data = change(page.data)
      return data === page.data ? page : listOf(data, page.has_more)
    }),
  }
}

function listOf(data: VideoObject[], has_more: boolean): VideoList {
  return { object: 'list', data, first_id: data[0]?.id ?? null, last_id: data.at(-1)?.id ?? null, has_more }
}
