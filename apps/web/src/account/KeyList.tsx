// Keys one below the other: what they may do, since when, until when, and when they were last used.

import { Badge, Button, Group, List, Stack, Text } from '@mantine/core'
import { KeyRound } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Key } from '../api/types.ts'
import { formatTime } from '../ui/format.ts'
import { formatRelative, nowInSeconds } from '../ui/relative-time.ts'
import styles from './KeyList.module.css'
import { SCOPE_TEXTS } from './keys.ts'

interface KeyListProps {
  readonly keys: readonly Key[]
  readonly onRevoke: (key: Key) => void
}

export function KeyList({ keys, onRevoke }: KeyListProps) {
  const { t } = useTranslation('account')
  if (keys.length === 0)
    return (
      <Stack align="center" gap="xs" py="xl" ta="center" className={styles.empty}>
        <KeyRound size={28} aria-hidden />
        <Text>{t('keys.none')}</Text>
      </Stack>
    )
  return (
    <List listStyleType="none" className={styles.list} aria-label={t('keys.title')}>
      {keys.map((key) => (
        <List.Item key={key.id} className={styles.key}>
          <KeyRow apiKey={key} onRevoke={() => onRevoke(key)} />
        </List.Item>
      ))}
    </List>
  )
}

function KeyRow({ apiKey: { name, start, scopes, created_at, expires_at, used_at }, onRevoke }: { apiKey: Key; onRevoke: () => void }) {
  const { t, i18n } = useTranslation('account')
  const now = nowInSeconds()
  const time = (seconds: number) => formatTime(seconds, i18n.language)
  const ago = (seconds: number) => formatRelative(Math.min(seconds, now), now, i18n.language)
  const hasExpired = expires_at !== null && expires_at <= now
  return (
    <Group justify="space-between" align="flex-start" wrap="nowrap" gap="md">
      <Stack gap={6} miw={0}>
        <Group gap="xs">
          <Text fw={600} translate="no">
            {name}
          </Text>
          <Text className={styles.start} size="sm" translate="no">
            {start}…
          </Text>
          {hasExpired && <Badge color="red">{t('keys.expired')}</Badge>}
        </Group>
        <Group gap={6}>
          {scopes.map((scope) => (
            <Badge key={scope} variant="default" tt="none" fw={500}>
              {t(`scope.${SCOPE_TEXTS[scope]}`)}
            </Badge>
          ))}
        </Group>
        <Text size="sm" c="dimmed">
          {[
            used_at === null ? t('keys.unused') : t('keys.used', { ago: ago(used_at) }),
            expires_at === null ? t('keys.forever') : t(hasExpired ? 'keys.endedAt' : 'keys.endsAt', { time: time(expires_at) }),
            t('keys.made', { time: time(created_at) }),
          ].join(' · ')}
        </Text>
      </Stack>
      <Button variant="default" size="compact-sm" aria-label={t('keys.revokeNamed', { name })} onClick={onRevoke}>
        {t('keys.revoke')}
      </Button>
    </Group>
  )
}
