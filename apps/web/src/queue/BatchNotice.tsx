// On the page while several prompts are being queued and their dialog is closed, and after that when something of them is left.

import { Button, Group } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { BatchProgress } from './BatchProgress.tsx'
import { useBatch } from './batch.ts'
import { Notice } from './Notice.tsx'

export function BatchNotice({ isShown, onOpen }: { isShown: boolean; onOpen: () => void }) {
  const { t } = useTranslation('queue')
  const { isRunning, progress } = useBatch()
  const isUnfinished = progress !== undefined && progress.queued < progress.total
  if (!isShown || !progress || !(isRunning || isUnfinished)) return null
  return (
    <Notice color={isRunning ? 'kinora' : 'yellow'} title={t(isRunning ? 'batch.running' : 'batch.unfinished')}>
      <Group justify="space-between" align="flex-end">
        <BatchProgress progress={progress} />
        <Button variant="default" size="xs" onClick={onOpen}>
          {t('batch.show')}
        </Button>
      </Group>
    </Notice>
  )
}
