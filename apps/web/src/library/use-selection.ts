// The selection of the library, kept to what the list has, and where the focus goes when a video leaves it.

import { useEffect, useMemo, useRef, useState } from 'react'
import type { VideoObject } from '../api/types.ts'
import { NONE, pruned, type Selection } from './selection.ts'

export function useSelection(videos: readonly VideoObject[]) {
  const [kept, setSelection] = useState<Selection>(NONE)
  const order = useMemo(() => videos.map(({ id }) => id), [videos])
  const selection = useMemo(() => pruned(kept, order), [kept, order])
  const focusNext = useRef<number>(undefined)
  const latest = useRef(order)
  useEffect(() => {
    latest.current = order
  }, [order])
  // The same functions as long as the page stands (use-card-actions.ts).
  const needs = useMemo(
    () => ({
      order: () => latest.current,
      setSelection,
      onTrash: (id: string) => {
        focusNext.current = Math.max(0, latest.current.indexOf(id))
      },
    }),
    [],
  )
  return {
    selection,
    selected: useMemo(() => videos.filter(({ id }) => selection.ids.has(id)), [videos, selection]),
    needs,
    focusNext,
    start: () => setSelection({ ...NONE, isOn: true }),
    end: () => setSelection(NONE),
    all: () => setSelection({ isOn: true, ids: new Set(order) }),
  }
}
