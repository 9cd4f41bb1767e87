// The system's notifications of finished videos: wished for by a click, and shown while the page is not seen.

import { useSyncExternalStore } from 'react'
import { addressOf } from '../base.ts'

/** `blocked`: the browser or the user does not allow them; only its settings change that. */
export type Notifying = 'on' | 'off' | 'blocked' | 'impossible'

const KEY = 'kinora.notify'
const listeners = new Set<() => void>()

export function useNotifying(): Notifying {
  return useSyncExternalStore(subscribe, notifying)
}

/** Asks for leave where that is still open; only after a click. */
export async function setNotifying(on: boolean): Promise<void> {
  if (on && Notification.permission === 'default') await Notification.requestPermission()
  try {
    localStorage.setItem(KEY, on ? 'on' : 'off')
  } catch {
    // Without leave to store there are none.
  }
  for (const changed of listeners) changed()
}

interface Notice {
  /** Of the same video, one replaces the other. */
  readonly id: string
  readonly title: string
  readonly body: string
  readonly onClick: () => void
}

export function notify({ id, title, body, onClick }: Notice): void {
  if (notifying() !== 'on' || !document.hidden) return
  try {
    const notification = new Notification(title, { body, tag: id, icon: addressOf('icon.svg') })
    notification.addEventListener('click', () => {
      window.focus()
      notification.close()
      onClick()
    })
  } catch {
    // Phones have them from service workers only.
  }
}

function notifying(): Notifying {
  if (!('Notification' in window) || !window.isSecureContext) return 'impossible'
  if (Notification.permission === 'denied') return 'blocked'
  return Notification.permission === 'granted' && wished() ? 'on' : 'off'
}

function wished(): boolean {
  try {
    return localStorage.getItem(KEY) === 'on'
  } catch {
    return false
  }
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}
