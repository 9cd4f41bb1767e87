// Tells of videos that ended: in the page, with a link, where the video is not in view; by the system, where the page is not.

import { Anchor, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { CircleAlert, CircleCheck } from 'lucide-react'
import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import type { VideoObject } from '../api/types.ts'
import { addressOf } from '../base.ts'
import { notify } from './notify.ts'
import { isOnStage } from './on-stage.ts'

/** More at once are told of together. */
const MOST_SINGLE = 2
const SHOWN_MS = 12_000
const MOST_WORDS = 90

export function useNews(): (ended: readonly VideoObject[]) => void {
  const { t } = useTranslation('watch')
  const [, goTo] = useLocation()
  return useCallback(
    (ended) => {
      function tellOne({ id, status, prompt }: VideoObject): void {
        const isGood = status === 'completed'
        const title = t(isGood ? 'toast.done' : 'toast.failed')
        const text = short(prompt ?? '')
        notify({ id, title, body: text, onClick: () => goTo(`/videos/${id}`) })
        if (!isOnStage(id)) toast({ id, isGood, title, text, path: `videos/${id}`, link: t(isGood ? 'toast.watch' : 'toast.look'), goTo })
      }
      function tellMany(count: number): void {
        const title = t('toast.manyDone', { count })
        notify({ id: 'many', title, body: '', onClick: () => goTo('/library') })
        toast({ id: 'many', isGood: true, title, text: '', path: 'library', link: t('toast.library'), goTo })
      }
      const done = ended.filter(({ status }) => status === 'completed')
      if (ended.length <= MOST_SINGLE) ended.forEach(tellOne)
      else if (done.length > 0) tellMany(done.length)
    },
    [t, goTo],
  )
}

interface Toast {
  readonly id: string
  readonly isGood: boolean
  readonly title: string
  /** The user's own words. */
  readonly text: string
  readonly path: string
  readonly link: string
  readonly goTo: (path: string) => void
}

function toast({ id, isGood, title, text, path, link, goTo }: Toast): void {
  const Icon = isGood ? CircleCheck : CircleAlert
  const key = `ended ${id}`
  notifications.show({
    id: key,
    title,
    color: isGood ? 'kinora' : 'red',
    icon: <Icon size={18} aria-hidden />,
    autoClose: SHOWN_MS,
    message: (
      <>
        {text && (
          <Text size="sm" lineClamp={2} translate="no">
            {text}
          </Text>
        )}
        <Anchor
          href={addressOf(path)}
          size="sm"
          onClick={(event) => {
            // A new tab is the browser's matter.
            if (event.ctrlKey || event.metaKey || event.shiftKey) return
            event.preventDefault()
            notifications.hide(key)
            goTo(`/${path}`)
          }}
        >
          {link}
        </Anchor>
      </>
    ),
  })
}

function short(text: string): string {
  return text.length > MOST_WORDS ? `${text.slice(0, MOST_WORDS).trimEnd()}…` : text
}
