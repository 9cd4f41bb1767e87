// Stars videos, or takes the stars away; shown at once, taken back when the service refuses.

import { notifications } from '@mantine/notifications'
import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { VideoObject } from '../api/types.ts'
import { starVideos } from '../api/videos.ts'
import { useErrorText } from '../i18n/use-error-text.ts'
import { type Pages, withStars } from './pages.ts'

export function useStar(): (ids: readonly string[], starred: boolean) => Promise<void> {
  const client = useQueryClient()
  const { t } = useTranslation('library')
  const errorText = useErrorText()
  const texts = useRef({ t, errorText })
  useEffect(() => {
    texts.current = { t, errorText }
  })
  return useCallback(
    async (ids, starred) => {
      // An answer that is on its way may not have them yet.
      await Promise.all([client.cancelQueries({ queryKey: ['videos'] }), client.cancelQueries({ queryKey: ['fresh'] })])
      client.setQueriesData<Pages>({ queryKey: ['videos'] }, (pages) => pages && withStars(pages, new Set(ids), starred))
      for (const id of ids) client.setQueryData<VideoObject>(['video', id], (video) => video && { ...video, starred })
      try {
        await starVideos(ids, starred)
        // A list of starred ones keeps what is shown in it until it is opened again: a wrong click can be put right.
        await client.invalidateQueries({ queryKey: ['videos'], refetchType: 'none' })
      } catch (error) {
        notifications.show({ color: 'red', title: texts.current.t('star.failed'), message: texts.current.errorText(error) })
        for (const queryKey of [['videos'], ...ids.map((id) => ['video', id])]) void client.invalidateQueries({ queryKey })
      }
    },
    [client],
  )
}
