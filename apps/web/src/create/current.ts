// Which video stands on the stage, and which were asked for here lately: kept over reloads, by their ids alone.

import { kept } from '../ui/kept.ts'

interface Stage {
  readonly current?: string | undefined
  /** Newest first. */
  readonly made: readonly string[]
}

const MOST_MADE = 8

const stage = kept<Stage>('stage', (stored) => {
  const { current, made } = (stored ?? {}) as { current?: unknown; made?: unknown }
  return {
    made: Array.isArray(made) ? made.filter((id) => typeof id === 'string').slice(0, MOST_MADE) : [],
    ...(typeof current === 'string' && { current }),
  }
})

/** undefined empties the stage. */
export function setCurrent(id: string | undefined): void {
  stage.set({ ...stage.get(), current: id })
}

/** Newest last, as they were asked for. The stage stays as it is. */
export function addMade(ids: readonly string[]): void {
  const before = stage.get()
  stage.set({ ...before, made: [...new Set([...ids.toReversed(), ...before.made])].slice(0, MOST_MADE) })
}

export function useCurrent(): string | undefined {
  return stage.use().current
}

export function useMade(): readonly string[] {
  return stage.use().made
}
