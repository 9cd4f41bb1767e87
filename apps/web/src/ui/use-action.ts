// One action of a form: whether it runs and how it failed. Not a mutation of TanStack Query, which keeps what it was given in a
// cache: what is given here may be a password.

import { useRef, useState } from 'react'

export interface Action<A extends readonly unknown[]> {
  /** Gives whether it was done; a second call while one runs does nothing. */
  readonly run: (...given: A) => Promise<boolean>
  readonly pending: boolean
  /** Of the last run; undefined after a good one. */
  readonly error: unknown
}

export function useAction<A extends readonly unknown[]>(act: (...given: A) => Promise<unknown>): Action<A> {
  const [state, setState] = useState<{ pending: boolean; error?: unknown }>({ pending: false })
  const running = useRef(false)
  const run = async (...given: A) => {
    if (running.current) return false
    running.current = true
    setState({ pending: true })
    try {
      await act(...given)
      setState({ pending: false })
      return true
    } catch (error) {
      setState({ pending: false, error })
      return false
    } finally {
      running.current = false
    }
  }
  return { run, pending: state.pending, error: state.error }
}
