// The videos as rows of cards in the window's own scroll. Only rows near the screen are there, so that thousands of videos cost
// no more than a few; more are loaded before the end is reached.

import type { VirtualItem } from '@tanstack/react-virtual'
import { type KeyboardEvent, type ReactNode, type RefObject, useEffect, useEffectEvent, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { VideoObject } from '../api/types.ts'
import { Card } from './Card.tsx'
import styles from './Grid.module.css'
import { type Layout, layoutOf, nextCard } from './layout.ts'
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
  const ref = useRef<HTMLDivElement>(null)
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
  return (
    <div ref={ref} role="list" aria-label={t('list')} aria-busy={isBusy} className={styles.grid} onKeyDown={pressed}>
      <div ref={rows.containerRef}>
        {width > 0 &&
          rows.getVirtualItems().map((row) => (
            <Row key={row.key} row={row} layout={layout} measure={rows.measureElement}>
              {videos.slice(row.index * layout.columns, (row.index + 1) * layout.columns).map((video, column) => (
                <Card
                  key={video.id}
                  video={video}
                  index={row.index * layout.columns + column}
                  count={count}
                  isSelecting={selection.isOn}
                  isSelected={selection.ids.has(video.id)}
                  actions={actions}
                />
              ))}
            </Row>
          ))}
      </div>
    </div>
  )
}

/** Whether it is there. */
function focusCard(grid: HTMLElement | null, index: number): boolean {
  const card = grid?.querySelector<HTMLElement>(`[data-card="${index}"]`)
  card?.focus({ preventScroll: true })
  return card !== null && card !== undefined
}

interface RowProps {
  readonly row: VirtualItem
  readonly layout: Layout
  /** Tells the virtualizer of the element, which it then moves. */
  readonly measure: (element: HTMLElement | null) => void
  readonly children: ReactNode
}

function Row({ row, layout: { columns, rowHeight }, measure, children }: RowProps) {
  return (
    <div
      ref={measure}
      data-index={row.index}
      className={styles.row}
      style={{ height: rowHeight, gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))` }}
    >
      {children}
    </div>
  )
}
