// A video, and how it is being made, up to the moment; what it comes to lands in the cache of queries.

import { type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { ApiError } from '../api/client.ts'
import type { VideoObject } from '../api/types.ts'
import { videoQuery } from '../api/videos.ts'
import { openStream } from './stream.ts'
import { furthest, hasEnded, progressOf, type VideoProgress } from './watched.ts'
import { Watcher } from './watcher.ts'

export interface Watched {
  readonly video?: VideoObject | undefined
  readonly progress?: VideoProgress | undefined
  /** Address of the newest picture of what is being made. */
  readonly preview?: string | undefined
  /** False while the service does not answer; it is tried again by itself. */
  readonly connected: boolean
  /** Why there is no video: it was not found, or could not be asked for. */
  readonly error?: unknown
}

interface Live {
  readonly id?: string
  readonly progress?: VideoProgress
  readonly preview?: string
  readonly connected: boolean
}

const NOTHING_YET: Live = { connected: true }

/** undefined watches nothing. */
export function useWatched(id: string | undefined): Watched {
  const client = useQueryClient()
  const query = useQuery({ ...videoQuery(id ?? ''), enabled: id !== undefined })
  const [live, setLive] = useState(NOTHING_YET)
  const video = id === undefined ? undefined : query.data
  const isRefused = query.error instanceof ApiError && query.error.status >= 400 && query.error.status < 500
  const isOpen = id !== undefined && (video ? !hasEnded(video) : query.isError && !isRefused)

  useEffect(() => {
    if (!isOpen || id === undefined) return undefined
    const change = (changes: Partial<Live>) => setLive((before) => ({ ...(before.id === id ? before : NOTHING_YET), ...changes, id }))
    const watcher = watch(client, id, change)
    // The queue's length in the navigation, and what the watcher of all jobs looks after (JobsWatcher.tsx).
    void client.invalidateQueries({ queryKey: ['queue'] })
    return watcher
  }, [client, id, isOpen])

  if (id === undefined) return { connected: true }
  const { progress, preview, connected } = live.id === id ? live : NOTHING_YET
  const known = video && progressOf(video)
  return {
    video,
    progress: known && furthest(progress, progress ?? known),
    preview: known && preview,
    connected: isOpen ? connected : true,
    error: video ? undefined : query.error,
  }
}

/** Gives back what ends it. */
function watch(client: QueryClient, id: string, change: (changes: Partial<Live>) => void): () => void {
  const { queryKey } = videoQuery(id)
  let latest: VideoProgress | undefined
  function onProgress(progress: VideoProgress): void {
    latest = furthest(latest, progress)
    change({ progress: latest })
  }
  const watcher = new Watcher({
    open: (listener) => openStream(id, listener),
    ask: () => client.query({ ...videoQuery(id), staleTime: 0, retry: false, networkMode: 'always' }),
    onProgress,
    onPreview: (preview) => change({ preview }),
    onConnected: (connected) => change({ connected }),
    onVideo(video) {
      const progress = video && progressOf(video)
      if (progress) return onProgress(progress)
      if (video) client.setQueryData(queryKey, video)
      else void client.resetQueries({ queryKey })
      void client.invalidateQueries({ queryKey: ['videos'] })
      void client.invalidateQueries({ queryKey: ['queue'] })
    },
  })
  if (document.hidden) watcher.rest()
  else watcher.start()
  const look = () => (document.hidden ? watcher.rest() : watcher.wake())
  const wake = () => document.hidden || watcher.wake()
  document.addEventListener('visibilitychange', look)
  window.addEventListener('online', wake)
  window.addEventListener('pageshow', wake)
  return () => {
    document.removeEventListener('visibilitychange', look)
    window.removeEventListener('online', wake)
    window.removeEventListener('pageshow', wake)
    watcher.stop()
  }
}
