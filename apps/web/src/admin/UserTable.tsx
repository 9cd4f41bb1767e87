// Users as a table.

import { Table, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { User } from '../api/types.ts'
import { formatTime } from '../ui/format.ts'
import { WideTable } from '../ui/WideTable.tsx'
import { QuotaText } from './QuotaText.tsx'
import { UserBadges } from './UserBadges.tsx'
import type { UserAction } from './UserDialogs.tsx'
import { UserMenu } from './UserMenu.tsx'

export interface UsersProps {
  readonly users: readonly User[]
  readonly onAct: (action: UserAction) => void
}

export function UserTable({ users, onAct }: UsersProps) {
  const { t, i18n } = useTranslation('admin')
  const columns = [t('users.name'), t('users.role'), t('users.created'), t('users.limits'), t('actions')]
  return (
    <WideTable name={t('tab.users')} columns={columns}>
      {users.map((user) => (
        <Table.Tr key={user.id}>
          <Table.Td>
            <Text fw={600} size="sm" translate="no">
              {user.name}
            </Text>
          </Table.Td>
          <Table.Td>
            <UserBadges user={user} />
          </Table.Td>
          <Table.Td>{formatTime(user.created_at, i18n.language)}</Table.Td>
          <Table.Td>
            <QuotaText quota={user.quota} />
          </Table.Td>
          <Table.Td>
            <UserMenu user={user} onAct={onAct} />
          </Table.Td>
        </Table.Tr>
      ))}
    </WideTable>
  )
}
