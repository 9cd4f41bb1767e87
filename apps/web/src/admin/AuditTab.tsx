// The log of who did what, newest first, by user and by action.

import { Button, Group, NativeSelect, Stack, Text, Title } from '@mantine/core'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { AuditList } from './AuditList.tsx'
import { ACTIONS } from './audit.ts'
import { Empty } from './Empty.tsx'
import { Loaded } from './Loaded.tsx'
import { type AuditFilter, auditQuery, usersQuery } from './queries.ts'

export function AuditTab() {
  const { t } = useTranslation('admin')
  const [filter, setFilter] = useState<AuditFilter>({})
  const query = useInfiniteQuery(auditQuery(filter))
  return (
    <Stack gap="md">
      <Stack gap={4}>
        <Title order={2} size="h3">
          {t('tab.audit')}
        </Title>
        <Text c="dimmed">{t('audit.text')}</Text>
      </Stack>
      <Filters filter={filter} onChange={setFilter} />
      <Loaded query={query}>
        {({ pages }) => {
          const entries = pages.flatMap(({ data }) => data)
          return entries.length === 0 ? <Empty title={t('audit.none')} /> : <AuditList entries={entries} />
        }}
      </Loaded>
      {query.hasNextPage && (
        <Group justify="center">
          <Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            {t('more')}
          </Button>
        </Group>
      )}
    </Stack>
  )
}

function Filters({ filter, onChange }: { filter: AuditFilter; onChange: (filter: AuditFilter) => void }) {
  const { t } = useTranslation('admin')
  const { data: users = [] } = useQuery(usersQuery)
  return (
    <Group gap="sm">
      <NativeSelect
        label={t('audit.user')}
        value={filter.user ?? ''}
        onChange={({ currentTarget: { value } }) => onChange({ ...filter, user: value === '' ? undefined : value })}
      >
        <option value="">{t('audit.everyone')}</option>
        {users.map(({ id, name }) => (
          <option key={id} value={id} translate="no">
            {name}
          </option>
        ))}
      </NativeSelect>
      <NativeSelect
        label={t('audit.action')}
        value={filter.action ?? ''}
        onChange={({ currentTarget: { value } }) => onChange({ ...filter, action: value === '' ? undefined : value })}
        data={[{ value: '', label: t('audit.everything') }, ...ACTIONS.map((value) => ({ value, label: t(`audit.name.${value}`) }))]}
      />
    </Group>
  )
}
