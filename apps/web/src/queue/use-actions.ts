// What the page's buttons do: ask the service, show anew what has changed, and say what was refused. Each answers whether it was
// done.

import { notifications } from '@mantine/notifications'
import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { QueueObject, VideoObject } from '../api/types.ts'
import { cancelVideo, queueQuery } from '../api/videos.ts'
import { useErrorText } from '../i18n/use-error-text.ts'
import { cancelVideos, copyVideo, pauseQueue, resumeQueue } from './requests.ts'
import { useRefresh } from './use-queue.ts'

export interface Actions {
  readonly cancel: (video: VideoObject) => Promise<boolean>
  readonly cancelMany: (scope: 'all' | 'waiting') => Promise<boolean>
  readonly copy: (video: VideoObject, seed: 'same' | 'new') => Promise<boolean>
  readonly setPaused: (paused: boolean) => Promise<boolean>
}

/** `announce` tells screen readers. */
export function useActions(announce: (text: string) => void): Actions {
  const { t } = useTranslation('queue')
  const client = useQueryClient()
  const refresh = useRefresh()
  const showError = useShowError()

  const act = async <T>(work: () => Promise<T>, said: (result: T) => string): Promise<boolean> => {
    try {
      announce(said(await work()))
      return true
    } catch (error) {
      showError(error)
      return false
    } finally {
      void refresh()
    }
  }
  const setPaused = async (paused: boolean): Promise<QueueObject> => {
    const queue = await (paused ? pauseQueue() : resumeQueue())
    await client.cancelQueries({ queryKey: queueQuery.queryKey })
    client.setQueryData(queueQuery.queryKey, queue)
    return queue
  }
  return {
    cancel: (video) =>
      act(
        () => cancelVideo(video.id),
        () => t('cancelled', { count: 1 }),
      ),
    cancelMany: (scope) =>
      act(
        () => cancelVideos(scope),
        ({ cancelled }) => t('cancelled', { count: cancelled.length }),
      ),
    copy: (video, seed) =>
      act(
        () => copyVideo(video, { seed: seed === 'new' ? -1 : video.seed }),
        () => t('copied'),
      ),
    setPaused: (paused) =>
      act(
        () => setPaused(paused),
        () => t(paused ? 'paused.title' : 'resumed'),
      ),
  }
}

/** Says what was refused, where it can be seen from any part of the page. */
export function useShowError(): (error: unknown) => void {
  const { t } = useTranslation('queue')
  const errorText = useErrorText()
  return (error) =>
    notifications.show({ color: 'red.9', title: t('refused'), message: errorText(error), closeButtonProps: { 'aria-label': t('close') } })
}
