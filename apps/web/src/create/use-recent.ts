// The videos of the strip: what of the user's runs and waits, and what was asked for here lately, newest first.

import { useQueries, useQuery } from '@tanstack/react-query'
import type { VideoObject } from '../api/types.ts'
import { queueQuery, videoQuery } from '../api/videos.ts'
import { hasEnded } from '../watch/watched.ts'
import { useMade } from './current.ts'

const MOST_SHOWN = 8
const POLL_MS = 2500

/** Those that are gone are left out. */
export function useRecent(): VideoObject[] {
  const made = useMade()
  const { data: queue } = useQuery(queueQuery)
  const active = new Map((queue?.data ?? []).slice(0, MOST_SHOWN).map((video) => [video.id, video]))
  const others = made.filter((id) => !active.has(id))
  const videos = useQueries({
    queries: others.map((id) => ({
      ...videoQuery(id),
      // One that has left the queue has ended since it was last seen.
      refetchInterval: ({ state: { data } }: { state: { data?: VideoObject | undefined } }) => (data && !hasEnded(data) ? POLL_MS : false),
    })),
    combine: (results) => results.flatMap(({ data, isError }) => (data && !isError ? [data] : [])),
  })
  return [...active.values(), ...videos].toSorted((a, b) => b.created_at - a.created_at).slice(0, MOST_SHOWN)
}
