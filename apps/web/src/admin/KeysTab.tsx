// All users' API keys, so that one that got into wrong hands can be ended by who looks after the service.

import { Badge, Button, Group, Stack, Table, Text, Title } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { AdminKey } from '../api/types.ts'
import { formatTime } from '../ui/format.ts'
import { RevokeKey } from '../ui/RevokeKey.tsx'
import { formatRelative, nowInSeconds } from '../ui/relative-time.ts'
import { useDialog } from '../ui/use-dialog.ts'
import { WideTable } from '../ui/WideTable.tsx'
import { Empty } from './Empty.tsx'
import { Loaded } from './Loaded.tsx'
import { adminKeysQuery, revokeAdminKey } from './queries.ts'

export function KeysTab() {
  const { t } = useTranslation('admin')
  const client = useQueryClient()
  const query = useQuery(adminKeysQuery)
  const revoking = useDialog<AdminKey>()
  const heading = useRef<HTMLHeadingElement>(null)
  const revoke = async (id: string) => {
    await revokeAdminKey(id)
    // It may be one's own.
    await Promise.all([adminKeysQuery.queryKey, ['keys']].map((queryKey) => client.invalidateQueries({ queryKey })))
  }
  const columns = [t('keys.user'), t('keys.name'), t('keys.scopes'), t('keys.used'), t('keys.expires'), t('actions')]
  return (
    <Stack gap="md">
      <Stack gap={4}>
        <Title order={2} size="h3" ref={heading} tabIndex={-1}>
          {t('tab.keys')}
        </Title>
        <Text c="dimmed">{t('keys.text')}</Text>
      </Stack>
      <Loaded query={query}>
        {(keys) =>
          keys.length === 0 ? (
            <Empty title={t('keys.none')} />
          ) : (
            <WideTable name={t('tab.keys')} columns={columns}>
              {keys.map((key) => (
                <KeyRow key={key.id} apiKey={key} onRevoke={() => revoking.open(key)} />
              ))}
            </WideTable>
          )
        }
      </Loaded>
      <RevokeKey
        dialog={revoking}
        nameOf={({ user, name, start }) => `${user.name} · ${name} · ${start}…`}
        revoke={revoke}
        onRevoked={() => heading.current?.focus()}
      />
    </Stack>
  )
}

function KeyRow({ apiKey: { user, name, start, scopes, used_at, expires_at }, onRevoke }: { apiKey: AdminKey; onRevoke: () => void }) {
  const { t, i18n } = useTranslation('admin')
  const now = nowInSeconds()
  const hasExpired = expires_at !== null && expires_at <= now
  return (
    <Table.Tr>
      <Table.Td fw={600} translate="no">
        {user.name}
      </Table.Td>
      <Table.Td translate="no">
        {name}{' '}
        <Text component="span" ff="monospace" size="sm" c="dimmed">
          {start}…
        </Text>
      </Table.Td>
      <Table.Td>
        <Group gap={6} wrap="nowrap" translate="no">
          {scopes.map((scope) => (
            <Badge key={scope} variant="default" tt="none" fw={500}>
              {scope}
            </Badge>
          ))}
        </Group>
      </Table.Td>
      <Table.Td>{used_at === null ? t('keys.never') : formatRelative(Math.min(used_at, now), now, i18n.language)}</Table.Td>
      <Table.Td>
        {expires_at === null ? t('keys.forever') : formatTime(expires_at, i18n.language)}{' '}
        {hasExpired && <Badge color="red">{t('keys.expired')}</Badge>}
      </Table.Td>
      <Table.Td>
        <Button variant="default" size="compact-sm" aria-label={t('keys.revokeOf', { name, user: user.name })} onClick={onRevoke}>
          {t('keys.revoke')}
        </Button>
      </Table.Td>
    </Table.Tr>
  )
}
