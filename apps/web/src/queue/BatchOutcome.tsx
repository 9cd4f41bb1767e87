// What a run of several prompts came to: how many are queued, which lines were refused and why, what ended it early.

import { List, Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useErrorText } from '../i18n/use-error-text.ts'
import { Notice } from './Notice.tsx'
import type { Progress } from './run-lines.ts'
import { shortened } from './shortened.ts'

export function BatchOutcome({ progress: { queued, failures, left, endedBy } }: { progress: Progress }) {
  const { t } = useTranslation('queue')
  const errorText = useErrorText()
  const isWhole = failures.length + left.length === 0
  return (
    <Notice color={isWhole ? 'teal' : 'yellow'} role="alert" title={t('batch.queued', { count: queued })}>
      <Stack gap="xs">
        {endedBy !== undefined && <Text fz="sm">{t('batch.ended', { reason: errorText(endedBy) })}</Text>}
        {left.length > 0 && <Text fz="sm">{t('batch.left', { count: left.length })}</Text>}
        {failures.length > 0 && (
          <>
            <Text fz="sm">{t('batch.failed', { count: failures.length })}</Text>
            <List size="sm">
              {failures.map(({ line, error }, index) => (
                <List.Item key={`${index}-${line}`}>
                  <strong translate="no">{shortened(line)}</strong> – {errorText(error)}
                </List.Item>
              ))}
            </List>
          </>
        )}
      </Stack>
    </Notice>
  )
}
