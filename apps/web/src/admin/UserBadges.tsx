// A user's role and whether they may come in, in words and not by colour alone.

import { Badge, Group } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useAccount } from '../api/session.ts'
import type { User } from '../api/types.ts'

export function UserBadges({ user: { id, role, disabled_at } }: { user: User }) {
  const { t } = useTranslation('admin')
  const account = useAccount()
  return (
    <Group gap={6} wrap="nowrap">
      <Badge variant={role === 'admin' ? 'light' : 'default'} tt="none" fw={600}>
        {t(`role.${role}`)}
      </Badge>
      {disabled_at !== null && (
        <Badge color="red" variant="light" c="var(--mantine-color-text)" tt="none" fw={600}>
          {t('users.disabled')}
        </Badge>
      )}
      {id === account.id && (
        <Badge variant="default" tt="none" fw={600}>
          {t('users.you')}
        </Badge>
      )}
    </Group>
  )
}
