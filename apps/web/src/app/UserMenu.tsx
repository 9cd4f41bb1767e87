// What belongs to the account: its page, administration, the way out.

import { ActionIcon, Menu } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { LogOut, Settings2, ShieldCheck, UserRound } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { logOut, useAccount } from '../api/session.ts'

export function UserMenu() {
  const { t } = useTranslation()
  const account = useAccount()
  const client = useQueryClient()
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <ActionIcon variant="light" size="lg" radius="xl" aria-label={t('userMenu', { name: account.name })}>
          <UserRound size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label translate="no">{account.name}</Menu.Label>
        <Menu.Item component={Link} href="/account" leftSection={<Settings2 size={16} aria-hidden />}>
          {t('nav.account')}
        </Menu.Item>
        {account.role === 'admin' && (
          <Menu.Item component={Link} href="/admin" leftSection={<ShieldCheck size={16} aria-hidden />}>
            {t('nav.admin')}
          </Menu.Item>
        )}
        {account.via === 'session' && (
          <Menu.Item leftSection={<LogOut size={16} aria-hidden />} onClick={() => void logOut(client)}>
            {t('signOut')}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  )
}
