// Whoever comes back to a long list, or reloads it, finds it where it was left. Kept with the browser's own history entry, so
// that each visit has its own place.

import { useEffect, useLayoutEffect } from 'react'

const REST_MS = 120

/** `isReady`: the list has its height. */
export function useScrollMemory(isReady: boolean): void {
  useLayoutEffect(() => {
    const y = isReady ? remembered() : undefined
    if (y !== undefined) window.scrollTo(0, y)
  }, [isReady])
  useEffect(() => {
    if (!isReady) return
    let timer: ReturnType<typeof setTimeout> | undefined
    const scrolled = () => {
      clearTimeout(timer)
      timer = setTimeout(() => history.replaceState({ ...stateOf(), scroll: Math.round(scrollY) }, ''), REST_MS)
    }
    window.addEventListener('scroll', scrolled, { passive: true })
    return () => {
      clearTimeout(timer)
      window.removeEventListener('scroll', scrolled)
    }
  }, [isReady])
}

function remembered(): number | undefined {
  const { scroll } = stateOf()
  return typeof scroll === 'number' ? scroll : undefined
}

function stateOf(): { scroll?: unknown } {
  const state: unknown = history.state
  return typeof state === 'object' && state !== null ? state : {}
}
