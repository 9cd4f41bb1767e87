// A video that waits: its place, what it will be, and what can be done with it until it is begun.

import { useSortable } from '@dnd-kit/sortable'
import { CSS } from '@dnd-kit/utilities'
import { ActionIcon, Stack, Text } from '@mantine/core'
import { useReducedMotion } from '@mantine/hooks'
import { GripVertical } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { VideoObject } from '../api/types.ts'
import { Facts } from './Facts.tsx'
import styles from './Queue.module.css'
import { RowTools } from './RowTools.tsx'
import { shortened } from './shortened.ts'
import type { Actions } from './use-actions.ts'
import { useFacts } from './use-facts.ts'

export interface RowProps {
  readonly video: VideoObject
  readonly index: number
  readonly isLast: boolean
  /** Among all users, where that is another one. */
  readonly placeOfAll: number | null | undefined
  readonly actions: Actions
  readonly onMove: (index: number) => void
  readonly onEdit: () => void
}

export function WaitingRow(props: RowProps) {
  const { video, index, placeOfAll } = props
  const { t } = useTranslation('queue')
  const factsOf = useFacts()
  const isStill = useReducedMotion()
  const { attributes, listeners, setNodeRef, setActivatorNodeRef, transform, transition, isDragging } = useSortable({
    id: video.id,
    attributes: { roleDescription: t('drag.role') },
    ...(isStill && { transition: null }),
  })
  return (
    <li
      ref={setNodeRef}
      className={styles.row}
      data-row={video.id}
      data-dragging={isDragging || undefined}
      tabIndex={-1}
      aria-label={t('waiting.row', { place: index + 1, prompt: shortened(video.prompt) })}
      style={{ transform: CSS.Translate.toString(transform), transition }}
    >
      <ActionIcon
        ref={setActivatorNodeRef}
        variant="subtle"
        color="gray"
        size={36}
        className={`${styles.tool} ${styles.handle}`}
        aria-label={t('drag.handle', { prompt: shortened(video.prompt) })}
        {...attributes}
        {...listeners}
      >
        <GripVertical size={18} aria-hidden />
      </ActionIcon>
      <span className={styles.place} aria-hidden>
        {index + 1}
      </span>
      <Stack gap={2}>
        <Text className={styles.prompt} translate="no">
          {video.prompt}
        </Text>
        <Facts facts={{ ...factsOf(video), place: placeOfAll ? t('waiting.placeOfAll', { place: placeOfAll }) : undefined }} />
      </Stack>
      <RowTools {...props} />
    </li>
  )
}
