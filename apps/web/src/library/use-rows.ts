// Which rows of the grid are near the screen, and where they stand. React's tree is drawn again when rows come and go, not for
// every step of the scroll.

import { type ReactVirtualizer, useWindowVirtualizer } from '@tanstack/react-virtual'
import { type RefObject, useLayoutEffect, useState } from 'react'
import { GAP, type Layout } from './layout.ts'

/** Rows beyond the screen. */
const OVERSCAN = 3
/** Of the header and the bar below it, which cover what is scrolled under them. */
const COVERED_ABOVE = 140
const COVERED_BELOW = 90

export function useRows(
  ref: RefObject<HTMLElement | null>,
  width: number,
  { columns, rowHeight }: Layout,
  videos: number,
): ReactVirtualizer<Window, HTMLElement> {
  const [scrollMargin, setMargin] = useState(0)
  useLayoutEffect(() => {
    if (width > 0 && ref.current) setMargin(Math.round(ref.current.getBoundingClientRect().top + scrollY))
  }, [ref, width])
  const rows = useWindowVirtualizer<HTMLElement>({
    count: width > 0 ? Math.ceil(videos / columns) : 0,
    estimateSize: () => rowHeight,
    gap: GAP,
    overscan: OVERSCAN,
    scrollMargin,
    scrollPaddingStart: COVERED_ABOVE,
    scrollPaddingEnd: COVERED_BELOW,
    directDomUpdates: true,
  })
  useLayoutEffect(() => {
    if (rowHeight > 0) rows.measure()
  }, [rows, rowHeight])
  return rows
}
