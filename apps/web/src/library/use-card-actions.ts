// What is done with single videos from their cards. The same functions as long as the page stands, so that a card is drawn
// again only for what changes in it.

import { type Dispatch, type SetStateAction, useMemo } from 'react'
import { useLocation } from 'wouter'
import type { VideoObject } from '../api/types.ts'
import { setDraft } from '../settings/draft.ts'
import { settingsOfVideo } from '../settings/settings.ts'
import { useStar } from '../videos/use-star.ts'
import { useTrash } from '../videos/use-trash.ts'
import { downloadVideos } from './download.ts'
import { type Selection, toggled } from './selection.ts'

export interface CardActions {
  readonly select: (id: string, withRange: boolean) => void
  readonly star: (video: VideoObject) => void
  readonly trash: (video: VideoObject) => void
  readonly download: (video: VideoObject) => void
  readonly useAgain: (video: VideoObject) => void
}

interface Needs {
  /** Of the list, as it stands when it is asked. */
  readonly order: () => readonly string[]
  readonly setSelection: Dispatch<SetStateAction<Selection>>
  /** Before a video leaves the list. */
  readonly onTrash: (id: string) => void
}

/** `needs` must stay the same object. */
export function useCardActions(needs: Needs): CardActions {
  const [, navigate] = useLocation()
  const [star, trash] = [useStar(), useTrash()]
  return useMemo(
    () => ({
      select: (id, withRange) => needs.setSelection((selection) => toggled(selection, id, needs.order(), withRange)),
      star: ({ id, starred }) => void star([id], !starred),
      trash: ({ id }) => {
        needs.onTrash(id)
        void trash([id])
      },
      download: (video) => void downloadVideos([video]),
      useAgain: (video) => {
        setDraft({ settings: settingsOfVideo(video) })
        navigate('/')
      },
    }),
    [needs, navigate, star, trash],
  )
}
