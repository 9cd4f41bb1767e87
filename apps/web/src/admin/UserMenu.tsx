// What can be done to a user.

import { ActionIcon, Menu } from '@mantine/core'
import { Ban, CircleCheck, Ellipsis, KeyRound, Pencil, Trash2 } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { User } from '../api/types.ts'
import type { UserAction } from './UserDialogs.tsx'

export function UserMenu({ user, onAct }: { user: User; onAct: (action: UserAction) => void }) {
  const { t } = useTranslation('admin')
  const isDisabled = user.disabled_at !== null
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          c="var(--mantine-color-text)"
          size="lg"
          aria-label={t('users.actionsOf', { name: user.name })}
        >
          <Ellipsis size={18} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<Pencil size={16} aria-hidden />} onClick={() => onAct({ kind: 'edit', user })}>
          {t('users.edit')}
        </Menu.Item>
        <Menu.Item leftSection={<KeyRound size={16} aria-hidden />} onClick={() => onAct({ kind: 'password', user })}>
          {t('users.password')}
        </Menu.Item>
        {isDisabled ? (
          <Menu.Item leftSection={<CircleCheck size={16} aria-hidden />} onClick={() => onAct({ kind: 'enable', user })}>
            {t('users.enable')}
          </Menu.Item>
        ) : (
          <Menu.Item leftSection={<Ban size={16} aria-hidden />} onClick={() => onAct({ kind: 'disable', user })}>
            {t('users.disable')}
          </Menu.Item>
        )}
        <Menu.Divider />
        <Menu.Item color="red" leftSection={<Trash2 size={16} aria-hidden />} onClick={() => onAct({ kind: 'delete', user })}>
          {t('users.delete')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
