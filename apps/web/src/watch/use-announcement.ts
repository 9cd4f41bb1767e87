// What a screen reader says of the stage by itself: each phase once, and how it ended; nothing of a video that had ended
// before it was shown.

import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { usePhaseText } from './use-phase-text.ts'
import type { Watched } from './use-watched.ts'

export function useAnnouncement({ video, progress }: Watched): string {
  const { t } = useTranslation('watch')
  const phaseText = usePhaseText()
  /** The video that was seen running. */
  const [seen, setSeen] = useState<string>()
  const isRunning = progress !== undefined
  useEffect(() => {
    if (isRunning) setSeen(video?.id)
  }, [isRunning, video?.id])
  if (progress) return phaseText(progress.phase)
  if (!video || video.id !== seen) return ''
  if (video.status === 'completed') return t('ready')
  return t(video.error?.code === 'cancelled' ? 'failure.cancelledTitle' : 'failure.title')
}
