// What a card shows above its text: the thumbnail, the moving video under the pointer or with the focus, or, while there is
// none, how far it is or why it was not made.

import { Progress } from '@mantine/core'
import { useReducedMotion } from '@mantine/hooks'
import { CircleAlert, CircleSlash, Clock, ImageOff } from 'lucide-react'
import { type ReactNode, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { VideoObject } from '../api/types.ts'
import { contentUrl } from '../api/videos.ts'
import { formatPercent } from '../ui/format.ts'
import styles from './Card.module.css'

/** A pointer that only passes by starts nothing. */
const WAIT_MS = 150

export function Picture({ video, isLively }: { video: VideoObject; isLively: boolean }) {
  if (video.status === 'completed') return <Finished video={video} isLively={isLively} />
  return <State video={video} />
}

function Finished({ video: { id, expires_at }, isLively }: { video: VideoObject; isLively: boolean }) {
  const [isGone, setGone] = useState(false)
  const isCalm = useReducedMotion(false, { getInitialValueInEffect: false })
  const isPlaying = useAfter(isLively && !isCalm, WAIT_MS)
  if (isGone) return <Gone isExpired={expires_at !== null && expires_at * 1000 < Date.now()} />
  return (
    <>
      <img src={contentUrl(id, 'thumbnail')} alt="" loading="lazy" decoding="async" draggable={false} onError={() => setGone(true)} />
      {isPlaying && <video src={contentUrl(id)} muted autoPlay loop playsInline disablePictureInPicture aria-hidden tabIndex={-1} />}
    </>
  )
}

/** Before its time is over, the picture did not come for another reason, and is asked for again when the card is. */
function Gone({ isExpired }: { isExpired: boolean }) {
  const { t } = useTranslation('library')
  return (
    <div className={styles.state}>
      <ImageOff size={24} aria-hidden />
      {isExpired && t('card.expired')}
    </div>
  )
}

function State({ video: { status, progress, queue_position: place, error } }: { video: VideoObject }): ReactNode {
  const { t, i18n } = useTranslation(['library', 'errors'])
  if (status === 'queued')
    return (
      <div className={styles.state}>
        <Clock size={24} aria-hidden />
        {place === null ? t('card.queued') : t('card.queuedAt', { place })}
      </div>
    )
  if (status === 'in_progress') {
    const text = t('card.running', { percent: formatPercent(progress / 100, i18n.language) })
    return (
      <div className={styles.state}>
        {text}
        <Progress value={progress} aria-label={text} size="sm" className={styles.progress} />
      </div>
    )
  }
  if (error?.code === 'cancelled')
    return (
      <div className={styles.state}>
        <CircleSlash size={24} aria-hidden />
        {t('card.cancelled')}
      </div>
    )
  const isKnown = i18n.exists(`errors:${error?.code}`)
  return (
    <div className={styles.state}>
      <CircleAlert size={24} aria-hidden />
      {t('card.failed')}
      <span className={styles.reason} translate={isKnown ? 'yes' : 'no'}>
        {isKnown ? t(`errors:${error?.code}` as 'errors:unreachable') : error?.message}
      </span>
    </div>
  )
}

/** True once `value` has been so for a while; false at once. */
function useAfter(value: boolean, milliseconds: number): boolean {
  const [isSo, setSo] = useState(false)
  useEffect(() => {
    if (!value) return setSo(false)
    const timer = setTimeout(() => setSo(true), milliseconds)
    return () => clearTimeout(timer)
  }, [value, milliseconds])
  return isSo && value
}
