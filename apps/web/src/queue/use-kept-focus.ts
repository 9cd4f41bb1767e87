// Where the keyboard's focus goes when the row that has it goes away: to the row in its place, else to the one before, else to
// what stands for the whole list.

import { type FocusEvent, type RefObject, useLayoutEffect, useRef } from 'react'

interface Kept {
  /** For the list that holds the rows. */
  readonly onFocus: (event: FocusEvent) => void
  readonly onBlur: (event: FocusEvent) => void
}

/** Rows carry their id in `data-row` and can be focused; `list` holds them. */
export function useKeptFocus(list: RefObject<HTMLElement | null>, ids: readonly string[], fallback: RefObject<HTMLElement | null>): Kept {
  const at = useRef<{ readonly id: string; readonly index: number }>(undefined)
  const key = ids.join(' ')
  useLayoutEffect(() => {
    const before = at.current
    if (!before) return
    const now = key === '' ? [] : key.split(' ')
    if (now.includes(before.id)) {
      at.current = { id: before.id, index: now.indexOf(before.id) }
      return
    }
    at.current = undefined
    if (document.activeElement !== document.body) return
    const next = now[Math.min(before.index, now.length - 1)]
    const row = next && list.current?.querySelector<HTMLElement>(`[data-row="${CSS.escape(next)}"]`)
    ;(row || fallback.current)?.focus()
  }, [key, list, fallback])

  return {
    onFocus: ({ target }) => {
      const id = target.closest<HTMLElement>('[data-row]')?.dataset.row
      at.current = id === undefined ? undefined : { id, index: ids.indexOf(id) }
    },
    onBlur: ({ target, relatedTarget }) => {
      // A row that is removed loses the focus as well: only one that is still there was left by its user.
      if (relatedTarget || target.isConnected) at.current = undefined
    },
  }
}
