// Whether the service can be reached, as every answer to the application shows; while it cannot, it is asked with growing
// pauses, and at once when the network is back or the page is looked at again.

import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useState } from 'react'
import { ask, onAnswer } from '../api/client.ts'

const FIRST_MS = 1000
const MOST_MS = 10_000

export interface Connected {
  readonly isAway: boolean
  readonly tryNow: () => void
}

export function useConnection(): Connected {
  const client = useQueryClient()
  const [isAway, setIsAway] = useState(false)
  const tryNow = useCallback(() => void ask('/health').catch(() => {}), [])

  useEffect(() => onAnswer((error) => setIsAway(error?.status === 0)), [])
  useEffect(() => {
    // The browser only knows of its own network: the service may be on this machine.
    const wake = () => document.hidden || tryNow()
    window.addEventListener('offline', wake)
    window.addEventListener('online', wake)
    return () => {
      window.removeEventListener('offline', wake)
      window.removeEventListener('online', wake)
    }
  }, [tryNow])
  useEffect(() => {
    if (!isAway) return undefined
    let pause = FIRST_MS
    let timer = setTimeout(again, pause)
    function again(): void {
      tryNow()
      pause = Math.min(MOST_MS, pause * 2)
      timer = setTimeout(again, pause)
    }
    const wake = () => document.hidden || tryNow()
    document.addEventListener('visibilitychange', wake)
    return () => {
      clearTimeout(timer)
      document.removeEventListener('visibilitychange', wake)
      // Back: what could not be asked for, and what is old by now.
      void client.invalidateQueries()
    }
  }, [isAway, tryNow, client])
  return { isAway, tryNow }
}
