// What waits, in its order, which can be changed by dragging, by keys and by buttons. Only the first hundred are listed.

import {
  closestCenter,
  DndContext,
  type DragEndEvent,
  KeyboardSensor,
  type Modifier,
  MouseSensor,
  TouchSensor,
  useSensor,
  useSensors,
} from '@dnd-kit/core'
import { SortableContext, sortableKeyboardCoordinates, verticalListSortingStrategy } from '@dnd-kit/sortable'
import { Group, Stack, Text, Title } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useQuery } from '@tanstack/react-query'
import { type RefObject, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { capabilitiesQuery } from '../api/models.ts'
import type { VideoObject } from '../api/types.ts'
import { formatSeconds } from '../ui/format.ts'
import { moveTo, placesOf } from './moves.ts'
import styles from './Queue.module.css'
import type { Actions } from './use-actions.ts'
import { useDragTexts } from './use-drag-texts.ts'
import { secondsOf } from './use-facts.ts'
import { useKeptFocus } from './use-kept-focus.ts'
import type { LiveQueue } from './use-queue.ts'
import { WaitingRow } from './WaitingRow.tsx'

interface Props {
  readonly live: LiveQueue
  /** Also of those that are not listed. */
  readonly count: number
  readonly actions: Actions
  readonly announce: (text: string) => void
  /** Gets the focus when there is no row left to have it. */
  readonly heading: RefObject<HTMLElement | null>
  readonly onEdit: (video: VideoObject) => void
}

/** Presses are no drags; a finger has to rest before it drags, so that the list can be scrolled by it. */
const MOUSE = { activationConstraint: { distance: 4 } }
const TOUCH = { activationConstraint: { delay: 120, tolerance: 8 } }
const KEYS = { coordinateGetter: sortableKeyboardCoordinates }
const alongTheList: Modifier = ({ transform }) => ({ ...transform, x: 0 })

export function WaitingList({ live, count, actions, announce, heading, onEdit }: Props) {
  const { t } = useTranslation('queue')
  const { waiting } = live
  const list = useRef<HTMLUListElement>(null)
  const ids = waiting.map(({ id }) => id)
  const keptFocus = useKeptFocus(list, ids, heading)
  const sensors = useSensors(useSensor(MouseSensor, MOUSE), useSensor(TouchSensor, TOUCH), useSensor(KeyboardSensor, KEYS))
  const accessibility = useDragTexts(waiting)
  const places = placesOf(waiting)
  const isShared = places.some((place, index) => place !== null && place !== index + 1)

  const dropped = ({ active, over }: DragEndEvent) => {
    const isMove = over && over.id !== active.id
    const wasMade = live.drop(isMove ? moveTo(waiting, String(active.id), ids.indexOf(String(over.id))) : undefined)
    if (!wasMade) notifications.show({ message: t('begunMeanwhile'), closeButtonProps: { 'aria-label': t('close') } })
  }
  const moveBy = (id: string, index: number) => {
    live.move(moveTo(waiting, id, index))
    announce(t('movedTo', { place: index + 1, total: waiting.length }))
  }
  if (waiting.length === 0) return null
  return (
    <Stack gap="sm" component="section" aria-labelledby="queue-waiting">
      <WaitingTitle waiting={waiting} />
      <DndContext
        sensors={sensors}
        collisionDetection={closestCenter}
        modifiers={[alongTheList]}
        accessibility={accessibility}
        onDragStart={live.hold}
        onDragEnd={dropped}
        onDragCancel={() => live.drop()}
      >
        <SortableContext items={ids} strategy={verticalListSortingStrategy}>
          <ul ref={list} className={styles.list} {...keptFocus}>
            {waiting.map((video, index) => (
              <WaitingRow
                key={video.id}
                video={video}
                index={index}
                isLast={index === waiting.length - 1}
                placeOfAll={isShared ? places[index] : undefined}
                actions={actions}
                onMove={(to) => moveBy(video.id, to)}
                onEdit={() => onEdit(video)}
              />
            ))}
          </ul>
        </SortableContext>
      </DndContext>
      {count > waiting.length && <Text className={styles.quiet}>{t('waiting.more', { count: count - waiting.length })}</Text>}
    </Stack>
  )
}

function WaitingTitle({ waiting }: { waiting: readonly VideoObject[] }) {
  const { t, i18n } = useTranslation('queue')
  const { data: capabilities } = useQuery(capabilitiesQuery)
  const seconds = waiting.reduce((sum, video) => sum + (secondsOf(video, capabilities) ?? Number.NaN), 0)
  return (
    <Group justify="space-between" align="baseline" gap="xs">
      <Title order={2} fz="lg" id="queue-waiting">
        {t('waiting.title')}
      </Title>
      {Number.isFinite(seconds) && (
        <Text fz="sm" className={styles.quiet}>
          {t('waiting.time', { time: formatSeconds(Math.max(1, Math.round(seconds)), i18n.language) })}
        </Text>
      )}
    </Group>
  )
}
