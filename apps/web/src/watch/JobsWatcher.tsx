// Looks after the user's queue on every page: keeps it fresh, shows in the tab's title how far it is and that something is
// done, and tells of videos that ended while nobody looked at them. Shows nothing itself.

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { ask } from '../api/client.ts'
import type { QueueObject, VideoObject } from '../api/types.ts'
import { queueQuery, videoQuery } from '../api/videos.ts'
import { idsThatLeft, isNews, pauseOf } from './jobs.ts'
import { useNews } from './use-news.tsx'
import { useTabTitle } from './use-tab-title.ts'

/** So many at once are told of one by one. */
const MOST_ASKED = 8

export function JobsWatcher() {
  const client = useQueryClient()
  const { data: queue } = useQuery({
    ...queueQuery,
    refetchInterval: ({ state }) => pauseOf(state.data, document.hidden),
    refetchIntervalInBackground: true,
  })
  const { markDone } = useTabTitle(queue)
  const tell = useNews()
  const before = useRef<QueueObject>(undefined)

  useEffect(() => {
    if (!queue || queue === before.current) return
    const left = idsThatLeft(before.current, queue)
    before.current = queue
    if (left.length === 0) return
    void client.invalidateQueries({ queryKey: ['videos'] })
    void endedOf(left).then((ended) => {
      for (const video of ended) client.setQueryData(videoQuery(video.id).queryKey, video)
      const news = ended.filter(isNews)
      if (news.length === 0) return
      if (news.some(({ status }) => status === 'completed')) markDone()
      tell(news)
    })
  }, [queue, client, markDone, tell])
  return null
}

/** Deleted ones are not there any more, and are left out. */
async function endedOf(ids: readonly string[]): Promise<VideoObject[]> {
  const asked = ids.slice(0, MOST_ASKED).map((id) => ask<VideoObject>(`/v1/videos/${encodeURIComponent(id)}`))
  const answers = await Promise.allSettled(asked)
  return answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []))
}
