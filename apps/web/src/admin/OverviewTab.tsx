// The installation at a glance: a figure of each part, and what was done last.

import { Anchor, SimpleGrid, Stack } from '@mantine/core'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Activity, HardDrive, ListOrdered, UsersRound } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { queueQuery } from '../api/videos.ts'
import { formatBytes, formatNumber } from '../ui/format.ts'
import { Panel } from '../ui/Panel.tsx'
import { AuditList } from './AuditList.tsx'
import { Figure } from './Figure.tsx'
import { Loaded } from './Loaded.tsx'
import { auditQuery, storageQuery, usersQuery, workersQuery } from './queries.ts'

const LATEST = 6

export function OverviewTab() {
  const { t } = useTranslation('admin')
  const log = useInfiniteQuery(auditQuery({}))
  return (
    <Stack gap="lg">
      <Figures />
      <Panel
        title={t('overview.latest')}
        action={
          <Anchor component={Link} href="/admin/audit" size="sm">
            {t('overview.all')}
          </Anchor>
        }
      >
        <Loaded query={log}>{({ pages }) => <AuditList entries={pages.flatMap(({ data }) => data).slice(0, LATEST)} />}</Loaded>
      </Panel>
    </Stack>
  )
}

function Figures() {
  const { t, i18n } = useTranslation('admin')
  const { data: users } = useQuery(usersQuery)
  const { data: workers } = useQuery(workersQuery)
  const { data: storage } = useQuery(storageQuery)
  const { data: queue } = useQuery(queueQuery)
  const number = (value: number | undefined) => (value === undefined ? '–' : formatNumber(value, i18n.language))
  const disabled = users?.filter((user) => user.disabled_at !== null).length ?? 0
  const alive = workers?.filter((worker) => worker.alive)
  return (
    <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }}>
      <Figure
        icon={UsersRound}
        name={t('tab.users')}
        value={number(users?.length)}
        text={users && (disabled > 0 ? t('overview.disabled', { count: disabled }) : t('overview.noneDisabled'))}
        href="/admin/users"
      />
      <Figure
        icon={Activity}
        name={t('tab.workers')}
        value={number(alive?.length)}
        text={alive && t('overview.running', { count: alive.reduce((sum, { running }) => sum + running, 0) })}
        href="/admin/workers"
      />
      <Figure
        icon={ListOrdered}
        name={t('overview.waiting')}
        value={number(queue?.waiting_of_all)}
        text={queue && t(queue.paused ? 'overview.paused' : 'overview.open')}
        href="/queue"
      />
      <Figure
        icon={HardDrive}
        name={t('tab.storage')}
        value={storage ? formatBytes(storage.bytes, i18n.language) : '–'}
        text={storage && t('overview.videos', { count: storage.completed })}
        href="/admin/storage"
      />
    </SimpleGrid>
  )
}
