// The form's content, outside of it: it stays between visits, and other pages put settings into it.

import { useSyncExternalStore } from 'react'
import { NOTHING, type Settings } from './settings.ts'

export interface Draft {
  readonly settings: Settings
  /** A video or picture of the user's own to start from; not kept between visits. */
  readonly file?: File | undefined
}

const KEY = 'kinora.draft'
const listeners = new Set<() => void>()
let draft: Draft = { settings: stored() }

export function getDraft(): Draft {
  return draft
}

/** Replaces what is there. */
export function setDraft(next: Draft): void {
  draft = next
  try {
    localStorage.setItem(KEY, JSON.stringify(next.settings))
  } catch {
    // Without room or leave to store, it lasts as long as the page.
  }
  for (const changed of listeners) changed()
}

export function useDraft(): Draft {
  return useSyncExternalStore(subscribe, getDraft)
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

/** What is no settings any more, after an update of the application, is forgotten. */
function stored(): Settings {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(KEY) ?? 'null')
    const isSettings = typeof value === 'object' && value !== null && 'prompt' in value && typeof value.prompt === 'string'
    return isSettings ? { ...NOTHING, ...(value as Partial<Settings>) } : NOTHING
  } catch {
    return NOTHING
  }
}
