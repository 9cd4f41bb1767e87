// Keeps the focus within a place whose content changes: when what had it is gone, the place itself takes it.

import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react'

/** `content`: another value, other controls. */
export function useKeptFocus(content: string): RefObject<HTMLDivElement | null> {
  const place = useRef<HTMLDivElement>(null)
  const isWithin = useRef(false)
  const before = useRef(content)
  useEffect(() => {
    // Browsers do not say that a focused element was removed; that the user went elsewhere, they do.
    const follow = ({ target }: Event) => {
      isWithin.current = target instanceof Node && (place.current?.contains(target) ?? false)
    }
    document.addEventListener('focusin', follow)
    document.addEventListener('pointerdown', follow)
    return () => {
      document.removeEventListener('focusin', follow)
      document.removeEventListener('pointerdown', follow)
    }
  }, [])
  useLayoutEffect(() => {
    if (before.current === content) return
    before.current = content
    if (isWithin.current && document.activeElement === document.body) place.current?.focus({ preventScroll: true })
  })
  return place
}
