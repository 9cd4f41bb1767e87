// Moves videos to the trash: they leave every list at once, and for some seconds a notification, or Ctrl+Z, brings them back.

import { notifications } from '@mantine/notifications'
import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import { createElement, useCallback, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { restoreVideos, trashVideos } from '../api/videos.ts'
import { useErrorText } from '../i18n/use-error-text.ts'
import { Deleted } from './Deleted.tsx'
import { type Pages, withoutVideos } from './pages.ts'

const UNDO_MS = 10_000

/** Answers whether it is done; what went wrong is told in a notification. */
export function useTrash(): (ids: readonly string[]) => Promise<boolean> {
  const client = useQueryClient()
  const { t } = useTranslation('library')
  const errorText = useErrorText()
  // The texts are those of the language at the time, while the function stays the same one.
  const texts = useRef({ t, errorText })
  useEffect(() => {
    texts.current = { t, errorText }
  })
  return useCallback(
    async (ids) => {
      const fail = (title: 'trash.failed' | 'trash.undoFailed', error: unknown) =>
        notifications.show({ color: 'red', title: texts.current.t(title), message: texts.current.errorText(error) })
      const putBack = await takeOut(client, ids)
      try {
        await trashVideos(ids)
      } catch (error) {
        putBack()
        fail('trash.failed', error)
        return false
      }
      refetch(client, ids)
      offerUndo(ids.length, async () => {
        try {
          await restoreVideos(ids)
          putBack()
        } catch (error) {
          fail('trash.undoFailed', error)
        }
        refetch(client, ids)
      })
      return true
    },
    [client],
  )
}

/** From the lists in the cache. Gives back what undoes it in those that have not changed since. */
async function takeOut(client: QueryClient, ids: readonly string[]): Promise<() => void> {
  // An answer that is on its way may still have them.
  await Promise.all([client.cancelQueries({ queryKey: ['videos'] }), client.cancelQueries({ queryKey: ['fresh'] })])
  const gone = new Set(ids)
  const changed = client.getQueriesData<Pages>({ queryKey: ['videos'] }).map(([key, before]) => {
    client.setQueryData<Pages>(key, (pages) => pages && withoutVideos(pages, gone))
    return { key, before, after: client.getQueryData<Pages>(key) }
  })
  return () => {
    for (const { key, before, after } of changed) if (before && client.getQueryData(key) === after) client.setQueryData<Pages>(key, before)
  }
}

/** What is shown; the rest when it is shown again. A page of one of them must not ask for it now: it is gone. */
function refetch(client: QueryClient, ids: readonly string[]): void {
  for (const key of ['videos', 'queue', 'capabilities']) void client.invalidateQueries({ queryKey: [key] })
  for (const id of ids) void client.invalidateQueries({ queryKey: ['video', id], refetchType: 'none' })
}

function offerUndo(count: number, undo: () => Promise<void>): void {
  const keys = (event: KeyboardEvent) => {
    const isTyping = event.target instanceof Element && event.target.closest('input, textarea, [contenteditable]') !== null
    if (isTyping || event.key.toLowerCase() !== 'z' || event.shiftKey || !(event.ctrlKey || event.metaKey)) return
    event.preventDefault()
    run()
  }
  let isUsed = false
  const run = () => {
    if (isUsed) return
    isUsed = true
    notifications.hide(id)
    void undo()
  }
  window.addEventListener('keydown', keys)
  const id = notifications.show({
    autoClose: UNDO_MS,
    message: createElement(Deleted, { count, onUndo: run }),
    onClose: () => window.removeEventListener('keydown', keys),
  })
}
