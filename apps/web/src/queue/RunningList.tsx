// What is being made.

import { Stack, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { VideoObject } from '../api/types.ts'
import styles from './Queue.module.css'
import { RunningCard } from './RunningCard.tsx'
import type { Actions } from './use-actions.ts'

export function RunningList({ videos, actions }: { videos: readonly VideoObject[]; actions: Actions }) {
  const { t } = useTranslation('queue')
  if (videos.length === 0) return null
  return (
    <Stack gap="sm" component="section" aria-labelledby="queue-running">
      <Title order={2} fz="lg" id="queue-running">
        {t('running.title')}
      </Title>
      <ul className={styles.list}>
        {videos.map((video) => (
          <RunningCard key={video.id} video={video} actions={actions} />
        ))}
      </ul>
    </Stack>
  )
}
