// The chosen video or picture: how it looks, what it is called, and a way to be rid of it.

import { ActionIcon, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { X } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { contentUrl, videoQuery } from '../../api/videos.ts'
import { formatBytes } from '../../ui/format.ts'
import { useForm } from '../form-context.ts'
import styles from './SourceField.module.css'

export function SourceCard({ onRemove }: { onRemove: () => void }) {
  const { t } = useTranslation('create')
  const { settings, file } = useForm()
  return (
    <div className={styles.card}>
      {file ? <OwnFile file={file} /> : <EarlierVideo id={settings.source?.id ?? ''} />}
      <ActionIcon variant="subtle" color="gray" c="var(--mantine-color-text)" size={36} aria-label={t('source.remove')} onClick={onRemove}>
        <X size={18} aria-hidden />
      </ActionIcon>
    </div>
  )
}

function OwnFile({ file }: { file: File }) {
  const { i18n } = useTranslation()
  const [url, setUrl] = useState<string>()
  useEffect(() => {
    const made = URL.createObjectURL(file)
    setUrl(made)
    return () => URL.revokeObjectURL(made)
  }, [file])
  return (
    <>
      {file.type.startsWith('image/') ? (
        <img className={styles.poster} src={url} alt="" />
      ) : (
        <video className={styles.poster} src={url} muted playsInline preload="metadata" aria-hidden />
      )}
      <div className={styles.name}>
        <Text size="sm" lineClamp={2} translate="no">
          {file.name}
        </Text>
        <Text size="xs" c="dimmed" translate="no">
          {formatBytes(file.size, i18n.language)}
        </Text>
      </div>
    </>
  )
}

function EarlierVideo({ id }: { id: string }) {
  const { t } = useTranslation('create')
  const { data: video, isError } = useQuery(videoQuery(id))
  return (
    <>
      {isError ? <div className={styles.poster} /> : <img className={styles.poster} src={contentUrl(id, 'thumbnail')} alt="" />}
      <div className={styles.name}>
        <Text size="sm" lineClamp={2} translate={video ? 'no' : undefined}>
          {isError ? t('source.gone') : (video?.prompt ?? id)}
        </Text>
        {video && (
          <Text size="xs" c="dimmed">
            {t('source.frames', { count: video.num_frames + (video.input_frames ?? 0) * Number(video.task === 'extend') })}
            {' · '}
            <span translate="no">
              {video.width} × {video.height}
            </span>
          </Text>
        )}
      </div>
    </>
  )
}
