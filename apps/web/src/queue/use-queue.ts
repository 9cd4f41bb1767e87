// The account's queue, asked for again and again, in the order that its user wants before the service has answered. Moves are
// sent one after the other, so that the service makes them in the order in which they were made here.

import { type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useRef, useState } from 'react'
import { capabilitiesQuery } from '../api/models.ts'
import type { QueueObject, VideoObject } from '../api/types.ts'
import { queueQuery } from '../api/videos.ts'
import { type Move, moved, renewed } from './moves.ts'
import { moveVideo } from './requests.ts'

const ACTIVE_MS = 2000
/** Another window may ask for videos as well. */
const IDLE_MS = 10_000

export interface LiveQueue {
  readonly queue: QueueObject | undefined
  readonly error: Error | null
  readonly running: readonly VideoObject[]
  readonly waiting: readonly VideoObject[]
  readonly move: (move: Move) => void
  /** While something is dragged the list stands still. */
  readonly hold: () => void
  /** Moves in the list that stood still; false when the video does not wait any more. Without a move it only goes on. */
  readonly drop: (move?: Move) => boolean
}

/** `onRefused` hears of a move that was not made; the list is then as the service has it. */
export function useLiveQueue(onRefused: (error: unknown) => void): LiveQueue {
  const client = useQueryClient()
  const { data: queue, error } = useQuery({
    ...queueQuery,
    refetchInterval: ({ state: { data } }) => (data && data.running + data.waiting > 0 ? ACTIVE_MS : IDLE_MS),
  })
  const [pending, setPending] = useState<readonly Move[]>([])
  const [held, setHeld] = useState<readonly VideoObject[]>()
  const last = useRef(Promise.resolve())

  const ofStatus = (status: VideoObject['status']) => queue?.data.filter((video) => video.status === status) ?? []
  const current = pending.reduce<readonly VideoObject[]>(moved, ofStatus('queued'))

  const send = async (wanted: Move) => {
    try {
      await moveVideo(wanted)
      await keepMove(client, wanted)
    } catch (refusal) {
      onRefused(refusal)
    }
    setPending((moves) => moves.filter((one) => one !== wanted))
    void client.invalidateQueries({ queryKey: queueQuery.queryKey })
  }
  const move = (wanted: Move) => {
    setPending((moves) => [...moves, wanted])
    last.current = last.current.then(() => send(wanted))
  }
  const drop = (made?: Move) => {
    const now = made && renewed(held ?? current, made, current)
    setHeld(undefined)
    if (now) move(now)
    return made === undefined || now !== undefined
  }
  return { queue, error, running: ofStatus('in_progress'), waiting: held ?? current, move, hold: () => setHeld(current), drop }
}

/** Puts a move that the service has made into what is known; what was asked for before does not know of it. */
async function keepMove(client: QueryClient, move: Move): Promise<void> {
  await client.cancelQueries({ queryKey: queueQuery.queryKey })
  client.setQueryData(queueQuery.queryKey, (queue) => {
    if (!queue) return undefined
    const waiting = queue.data.filter(({ status }) => status === 'queued')
    return { ...queue, data: [...queue.data.filter(({ status }) => status !== 'queued'), ...moved(waiting, move)] }
  })
}

/** After something was queued, changed or cancelled. */
export function useRefresh(): () => Promise<void> {
  const client = useQueryClient()
  return useCallback(async () => {
    const keys = [queueQuery.queryKey, capabilitiesQuery.queryKey, ['videos']]
    await Promise.all(keys.map((queryKey) => client.invalidateQueries({ queryKey })))
  }, [client])
}
