// A strip of the videos that are being made or were made lately: each comes on the stage by a press. Nothing for a single one.

import { UnstyledButton } from '@mantine/core'
import { Clock3, TriangleAlert } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { VideoObject } from '../api/types.ts'
import { contentUrl } from '../api/videos.ts'
import { formatPercent } from '../ui/format.ts'
import { setCurrent, useCurrent } from './current.ts'
import styles from './Recent.module.css'
import { useRecent } from './use-recent.ts'

export function Recent() {
  const { t } = useTranslation('create')
  const current = useCurrent()
  const videos = useRecent()
  if (!videos.some(({ id }) => id !== current)) return null
  return (
    <ul className={styles.strip} aria-label={t('recent.label')}>
      {videos.map((video) => (
        <li key={video.id}>
          <UnstyledButton
            className={styles.video}
            translate="no"
            aria-current={video.id === current}
            aria-label={t('recent.video', { prompt: video.prompt, state: t(`recent.${stateOf(video)}`) })}
            onClick={() => setCurrent(video.id)}
          >
            <Picture video={video} />
          </UnstyledButton>
        </li>
      ))}
    </ul>
  )
}

type State = VideoObject['status'] | 'cancelled'

function stateOf({ status, error }: VideoObject): State {
  return error?.code === 'cancelled' ? 'cancelled' : status
}

function Picture({ video }: { video: VideoObject }) {
  const { i18n } = useTranslation()
  const { id, status, progress, queue_position } = video
  if (status === 'completed') return <img src={contentUrl(id, 'thumbnail')} alt="" />
  if (status === 'failed') return <TriangleAlert size={18} aria-hidden />
  return (
    <span className={styles.state} translate="no" aria-hidden>
      <Clock3 size={16} />
      {status === 'in_progress' ? formatPercent(progress / 100, i18n.language) : queue_position !== null && `#${queue_position}`}
      {status === 'in_progress' && (
        <span className={styles.bar}>
          <span style={{ width: `${progress}%` }} />
        </span>
      )}
    </span>
  )
}
