// What screen readers are told while a waiting video is moved by keys: how, and where it is.

import type { DndContextProps, UniqueIdentifier } from '@dnd-kit/core'
import { useTranslation } from 'react-i18next'
import type { VideoObject } from '../api/types.ts'
import { shortened } from './shortened.ts'

export function useDragTexts(videos: readonly VideoObject[]): NonNullable<DndContextProps['accessibility']> {
  const { t } = useTranslation('queue')
  const prompt = (id: UniqueIdentifier) => shortened(videos.find((video) => video.id === id)?.prompt)
  const place = (id: UniqueIdentifier) => ({ place: videos.findIndex((video) => video.id === id) + 1, total: videos.length })
  return {
    screenReaderInstructions: { draggable: t('drag.how') },
    announcements: {
      onDragStart: ({ active: { id } }) => t('drag.start', { prompt: prompt(id), ...place(id) }),
      onDragOver: ({ active: { id }, over }) => (over && t('drag.over', { prompt: prompt(id), ...place(over.id) })) || undefined,
      onDragEnd: ({ active: { id }, over }) => t('drag.end', { prompt: prompt(id), ...place((over ?? { id }).id) }),
      onDragCancel: ({ active: { id } }) => t('drag.cancel', { prompt: prompt(id), ...place(id) }),
    },
  }
}
