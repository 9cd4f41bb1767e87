// One worker: whether it lives, what it is, what it has and what it does.

import { Badge, DataList, Group, Paper, Stack, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { WorkerObject } from '../api/types.ts'
import { formatBytes, formatTime } from '../ui/format.ts'
import { formatRelative, nowInSeconds } from '../ui/relative-time.ts'

const COLORS = { alive: 'kinora', draining: 'orange', lost: 'red' } as const

export function WorkerCard({ worker }: { worker: WorkerObject }) {
  const { t, i18n } = useTranslation('admin')
  const now = nowInSeconds()
  const state = worker.alive ? (worker.draining ? 'draining' : 'alive') : 'lost'
  return (
    <Paper component="article" withBorder radius="lg" p="lg">
      <Stack gap="md">
        <Group justify="space-between" align="flex-start" wrap="nowrap">
          <Title order={3} size="h5" translate="no">
            {worker.name}
          </Title>
          <Badge color={COLORS[state]} variant="light" c="var(--mantine-color-text)" tt="none" flex="none">
            {t(`workers.state.${state}`)}
          </Badge>
        </Group>
        <DataList size="sm" gap="xs">
          <Fact name={t('workers.running')}>{t('workers.videos', { count: worker.running })}</Fact>
          <Fact name={t('workers.models')} isData>
            {worker.models.join(', ')}
          </Fact>
          <Fact name={t('workers.device')} isData>
            {worker.device}
          </Fact>
          <Fact name={t('workers.memory')}>
            {worker.memory_bytes === null ? t('workers.unknown') : formatBytes(worker.memory_bytes, i18n.language)}
          </Fact>
          <Fact name={t('workers.heard')}>{formatRelative(Math.min(worker.heard_at, now), now, i18n.language)}</Fact>
          <Fact name={t('workers.started')}>{formatTime(worker.started_at, i18n.language)}</Fact>
        </DataList>
      </Stack>
    </Paper>
  )
}

function Fact({ name, isData = false, children }: { name: string; isData?: boolean; children: ReactNode }) {
  return (
    <DataList.Item>
      <DataList.ItemLabel>{name}</DataList.ItemLabel>
      <DataList.ItemValue {...(isData && { translate: 'no' })}>{children}</DataList.ItemValue>
    </DataList.Item>
  )
}
