// Which video stands on the stage, and which were asked for here lately: kept over reloads, by their ids alone.

import { useSyncExternalStore } from 'react'

interface Kept {
  readonly current?: string | undefined
  /** Newest first. */
  readonly made: readonly string[]
}

const KEY = 'kinora.stage'
const MOST_MADE = 8
const listeners = new Set<() => void>()
let kept: Kept = stored()

/** undefined empties the stage. */
export function setCurrent(id: string | undefined): void {
  keep({ ...kept, current: id })
}

/** Newest last, as they were asked for. The stage stays as it is. */
export function addMade(ids: readonly string[]): void {
  keep({ ...kept, made: [...new Set([...ids.toReversed(), ...kept.made])].slice(0, MOST_MADE) })
}

export function useCurrent(): string | undefined {
  return useSyncExternalStore(subscribe, () => kept.current)
}

export function useMade(): readonly string[] {
  return useSyncExternalStore(subscribe, () => kept.made)
}

function keep(next: Kept): void {
  kept = next
  try {
    localStorage.setItem(KEY, JSON.stringify(next))
  } catch {
    // Without room or leave to store, it lasts as long as the page.
  }
  for (const changed of listeners) changed()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

function stored(): Kept {
  try {
    const value = JSON.parse(localStorage.getItem(KEY) ?? '{}') as { current?: unknown; made?: unknown }
    const made = Array.isArray(value.made) ? value.made.filter((id) => typeof id === 'string').slice(0, MOST_MADE) : []
    return { made, ...(typeof value.current === 'string' && { current: value.current }) }
  } catch {
    return { made: [] }
  }
}
