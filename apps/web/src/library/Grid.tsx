// The videos as a list of cards in the window's own scroll. Only those near the screen are there, so that thousands of videos
// cost no more than a few; more are loaded before the end is reached.

import { type CSSProperties, type KeyboardEvent, type RefObject, useEffect, useEffectEvent, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { VideoObject } from '../api/types.ts'
import { Card } from './Card.tsx'
import styles from './Grid.module.css'
import { layoutOf, nextCard } from './layout.ts'
import type { Selection } from './selection.ts'
import type { CardActions } from './use-card-actions.ts'
import { useRows } from './use-rows.ts'
import { useScrollMemory } from './use-scroll-memory.ts'
import { useWidth } from './use-width.ts'

interface GridProps {
  readonly videos: readonly VideoObject[]
  readonly selection: Selection
  readonly actions: CardActions
  /** Undefined when all are there. */
  readonly loadMore: (() => void) | undefined
  /** Whether another answer is on its way. */
  readonly isBusy: boolean
  /** The card that gets the focus when the list has changed. */
  readonly focusNext: RefObject<number | undefined>
}

/** Rows before the end at which more is asked for. */
const AHEAD = 8

export function Grid({ videos, selection, actions, loadMore, isBusy, focusNext }: GridProps) {
  const { t } = useTranslation('library')
  const ref = useRef<HTMLUListElement>(null)
  const width = useWidth(ref)
  const layout = layoutOf(width)
  const rows = useRows(ref, width, layout, videos.length)
  useScrollMemory(width > 0)

  const lastRow = rows.getVirtualItems().at(-1)?.index ?? 0
  const isNearEnd = width > 0 && lastRow >= rows.options.count - AHEAD
  useEffect(() => {
    if (isNearEnd) loadMore?.()
  }, [isNearEnd, loadMore])

  const focus = (index: number) => {
    rows.scrollToIndex(Math.floor(index / layout.columns), { align: 'auto' })
    // The row may come with the next frame.
    if (!focusCard(ref.current, index)) requestAnimationFrame(() => focusCard(ref.current, index))
  }
  const changed = useEffectEvent((count: number) => {
    if (focusNext.current === undefined || count === 0) return
    focus(Math.min(focusNext.current, count - 1))
    focusNext.current = undefined
  })
  useEffect(() => changed(videos.length), [videos])
  const pressed = (event: KeyboardEvent) => {
    const from = event.target instanceof HTMLElement ? event.target.dataset.card : undefined
    const to = from === undefined ? undefined : nextCard(event.key, Number(from), layout.columns, videos.length)
    if (to === undefined || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    focus(to)
  }

  const count = loadMore ? -1 : videos.length
  const { columns, rowHeight } = layout
  const near = rows.getVirtualItems()
  const from = (near[0]?.index ?? 0) * columns
  const shown = videos.slice(from, ((near.at(-1)?.index ?? -1) + 1) * columns)
  const style: CSSProperties = {
    height: rows.getTotalSize(),
    // In the place of the rows before.
    paddingBlockStart: (near[0]?.start ?? 0) - (near.length > 0 ? rows.options.scrollMargin : 0),
    gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))`,
    gridAutoRows: rowHeight,
  }
  return (
    <ul ref={ref} aria-label={t('list')} aria-busy={isBusy} className={styles.grid} style={style} onKeyDown={pressed}>
      {shown.map((video, index) => (
        <Card
          key={video.id}
          video={video}
          index={from + index}
          count={count}
          isSelecting={selection.isOn}
          isSelected={selection.ids.has(video.id)}
          actions={actions}
        />
      ))}
    </ul>
  )
}

/** Whether it is there. */
function focusCard(grid: HTMLElement | null, index: number): boolean {
  const card = grid?.querySelector<HTMLElement>(`[data-card="${index}"]`)
  card?.focus({ preventScroll: true })
  return card !== null && card !== undefined
}
