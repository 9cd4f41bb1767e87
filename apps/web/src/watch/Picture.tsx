// What is seen of a video before there is one: its place in the queue, a drifting haze, then previews that grow clear.

import { Anchor, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Hourglass } from 'lucide-react'
import type { CSSProperties } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { queueQuery } from '../api/videos.ts'
import styles from './Stage.module.css'
import type { VideoProgress } from './watched.ts'

/** Pixels at the first step and at the last one: a preview is never as clear as the video. */
const MOST_BLUR = 18
const LEAST_BLUR = 3

export function Picture({ progress, preview }: { progress: VideoProgress; preview: string | undefined }) {
  const { t } = useTranslation('watch')
  if (progress.status === 'queued')
    return (
      <>
        <div className={styles.cloud} data-waiting />
        <Place place={progress.queue_position} />
      </>
    )
  if (preview === undefined) return <div className={styles.cloud} />
  const blur = { '--preview-blur': `${blurOf(progress).toFixed(1)}px` } as CSSProperties
  return <img src={preview} alt={t('previewAlt')} className={styles.preview} style={blur} />
}

function Place({ place }: { place: number | null }) {
  const { t } = useTranslation('watch')
  const { data } = useQuery(queueQuery)
  const isPaused = place === null && data?.paused === true
  return (
    <div className={styles.center}>
      <Hourglass size={28} strokeWidth={1.6} aria-hidden />
      <Text fw={600} fz="lg">
        {place === 1 ? t('next') : place !== null ? t('place', { place }) : t(isPaused ? 'paused' : 'phase.queued')}
      </Text>
      {isPaused && (
        <Anchor component={Link} href="/queue" size="sm">
          {t('resume')}
        </Anchor>
      )}
    </div>
  )
}

function blurOf({ phase, step, total }: VideoProgress): number {
  const share = phase === 'denoising' ? step / Math.max(1, total) : 1
  return LEAST_BLUR + (1 - share) * (MOST_BLUR - LEAST_BLUR)
}
