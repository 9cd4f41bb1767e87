// The videos of the library as they are loaded so far. While one waits or is made, the pages that it concerns are asked for
// again every few seconds; the rest of a long list is not.

import { keepPreviousData, type QueryClient, useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useMemo } from 'react'
import { queueQuery, type VideoFilter, videoPage, videosQuery } from '../api/videos.ts'
import { activePages, isActive, type Pages, videosIn, withFresh } from '../videos/pages.ts'

const ACTIVE_MS = 3000
/** Whether something came from elsewhere: another window, a program. */
const QUIET_MS = 10_000
const MOST_PAGES = 3

export function useVideos(filter: VideoFilter) {
  const client = useQueryClient()
  const list = useInfiniteQuery({ ...videosQuery(filter), placeholderData: keepPreviousData, refetchOnWindowFocus: false })
  const { data } = list
  const videos = useMemo(() => (data ? videosIn(data) : []), [data])
  const { data: queue } = useQuery({ ...queueQuery, refetchInterval: QUIET_MS })
  const isBusy = (queue?.running ?? 0) + (queue?.waiting ?? 0) > 0 || videos.some(isActive)
  useQuery({
    queryKey: ['fresh', filter],
    enabled: data !== undefined && !list.isPlaceholderData,
    refetchInterval: isBusy ? ACTIVE_MS : false,
    gcTime: 0,
    queryFn: ({ signal }) => refresh(client, filter, signal),
  })
  const { hasNextPage, isFetching, fetchNextPage } = list
  const loadMore = useCallback(() => {
    if (!isFetching) void fetchNextPage()
  }, [isFetching, fetchNextPage])
  return { ...list, videos, loadMore: hasNextPage ? loadMore : undefined }
}

/** Resolves to the time, since a query must resolve to something. */
async function refresh(client: QueryClient, filter: VideoFilter, signal: AbortSignal): Promise<number> {
  const { queryKey } = videosQuery(filter)
  const wanted = activePages(client.getQueryData<Pages>(queryKey) ?? { pages: [], pageParams: [] })
  // Those that are made next lie farthest back.
  for (const index of new Set([0, ...wanted.slice(-MOST_PAGES)])) {
    const cursor = index === 0 ? undefined : client.getQueryData<Pages>(queryKey)?.pages[index - 1]?.last_id
    const fresh = await videoPage(filter, cursor ?? undefined, signal)
    signal.throwIfAborted()
    const pages = client.getQueryData<Pages>(queryKey)
    const after = pages && withFresh(pages, index, fresh)
    if (after) client.setQueryData<Pages>(queryKey, after)
    else await client.invalidateQueries({ queryKey, exact: true })
  }
  return Date.now()
}
