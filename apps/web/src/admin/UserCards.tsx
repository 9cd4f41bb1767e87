// Users one below the other, for narrow screens.

import { Group, Paper, Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { formatTime } from '../ui/format.ts'
import { QuotaText } from './QuotaText.tsx'
import { UserBadges } from './UserBadges.tsx'
import { UserMenu } from './UserMenu.tsx'
import type { UsersProps } from './UserTable.tsx'

export function UserCards({ users, onAct }: UsersProps) {
  const { t, i18n } = useTranslation('admin')
  return (
    <Stack component="ul" gap="sm" p={0} m={0} aria-label={t('tab.users')}>
      {users.map((user) => (
        <Paper key={user.id} component="li" withBorder radius="lg" p="md" display="block">
          <Group justify="space-between" align="flex-start" wrap="nowrap">
            <Stack gap={6}>
              <Text fw={600} translate="no">
                {user.name}
              </Text>
              <UserBadges user={user} />
              <QuotaText quota={user.quota} />
              <Text size="sm" c="dimmed">
                {t('users.since', { time: formatTime(user.created_at, i18n.language) })}
              </Text>
            </Stack>
            <UserMenu user={user} onAct={onAct} />
          </Group>
        </Paper>
      ))}
    </Stack>
  )
}
