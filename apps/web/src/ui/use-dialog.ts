// A dialog about something: what it is about stays known while it closes, so that nothing in it vanishes before it does.

import { useState } from 'react'

export interface Dialog<T> {
  readonly opened: boolean
  /** Undefined before it is opened for the first time. */
  readonly about: T | undefined
  readonly open: (about: T) => void
  readonly close: () => void
}

export function useDialog<T>(): Dialog<T> {
  const [{ opened, about }, setState] = useState<{ opened: boolean; about?: T }>({ opened: false })
  return {
    opened,
    about,
    open: (next) => setState({ opened: true, about: next }),
    close: () => setState((state) => ({ ...state, opened: false })),
  }
}
