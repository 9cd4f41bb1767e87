// What one may ask for and what of that is used.

import { Group, Progress, Skeleton, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { capabilitiesQuery } from '../api/models.ts'
import { useErrorText } from '../i18n/use-error-text.ts'
import { formatNumber } from '../ui/format.ts'
import { Panel } from '../ui/Panel.tsx'
import { type Usage, usagesOf } from './usage.ts'

export function UsagePanel() {
  const { t } = useTranslation('account')
  const errorText = useErrorText()
  const { data, error } = useQuery({ ...capabilitiesQuery, staleTime: 0 })
  return (
    <Panel title={t('usage.title')} text={t('usage.text')}>
      {data ? (
        <Stack gap="lg">
          {usagesOf(data).map((usage) => (
            <Row key={usage.bound} usage={usage} />
          ))}
        </Stack>
      ) : error ? (
        <Text role="alert">{errorText(error)}</Text>
      ) : (
        <Skeleton height={140} />
      )}
    </Panel>
  )
}

function Row({ usage: { bound, used, most, share } }: { usage: Usage }) {
  const { t, i18n } = useTranslation('account')
  const number = (value: number) => formatNumber(value, i18n.language, value < 10 ? 1 : 0)
  return (
    <Stack gap={6}>
      <Group justify="space-between" align="baseline" gap="xs">
        <Text fw={500}>{t(`usage.${bound}`)}</Text>
        <Text size="sm">
          {most === null ? t('usage.unbounded', { used: number(used) }) : t('usage.bounded', { used: number(used), most: number(most) })}
        </Text>
      </Group>
      {most !== null && <Progress value={share * 100} color={share >= 1 ? 'red' : 'kinora'} size="md" aria-hidden />}
      <Text size="sm" c="dimmed">
        {t(`usage.${bound}_text`)}
      </Text>
    </Stack>
  )
}
