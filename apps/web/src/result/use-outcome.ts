// One line that says how the last action on a video went: it is running, it is done, it was refused.

import { useCallback, useRef, useState } from 'react'
import { useErrorText } from '../i18n/use-error-text.ts'

export interface Outcome {
  readonly kind: 'busy' | 'done' | 'failed'
  readonly text: string
  /** Something came into the queue. */
  readonly isQueued?: boolean
}

export interface Doing {
  readonly outcome: Outcome | undefined
  /** Runs it; a refusal is told by itself. `busy` is said meanwhile; answering undefined says nothing afterwards. */
  readonly run: (busy: string | undefined, act: () => Promise<Outcome | undefined>) => void
}

export function useOutcome(): Doing {
  const errorText = useErrorText()
  const [outcome, setOutcome] = useState<Outcome>()
  const newest = useRef(0)
  const run = useCallback(
    (busy: string | undefined, act: () => Promise<Outcome | undefined>) => {
      const mine = ++newest.current
      const tell = (next: Outcome | undefined) => {
        if (mine === newest.current) setOutcome(next)
      }
      tell(busy === undefined ? undefined : { kind: 'busy', text: busy })
      act().then(tell, (error: unknown) => tell({ kind: 'failed', text: errorText(error) }))
    },
    [errorText],
  )
  return { outcome, run }
}
