// How many of the lines are queued, while they are.

import { Progress, Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Progress as Run } from './run-lines.ts'

export function BatchProgress({ progress: { queued, failures, total } }: { progress: Run }) {
  const { t } = useTranslation('queue')
  const text = t('batch.progress', { queued, total })
  return (
    <Stack gap={6}>
      <Progress.Root size="lg">
        <Progress.Section value={((queued + failures.length) / total) * 100} aria-label={t('batch.title')} aria-valuetext={text} />
      </Progress.Root>
      <Text fz="sm">{text}</Text>
    </Stack>
  )
}
