// Administration: users, their keys, the machines that make videos, what videos take, and the log. Only for administrators:
// the service refuses everyone else, this page only says so beforehand.

import { Anchor, Stack, Text, Title } from '@mantine/core'
import type { ComponentType } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useParams } from 'wouter'
import { useAccount } from '../api/session.ts'
import { AdminNavigation, isTab, type Tab } from './AdminNavigation.tsx'
import { AuditTab } from './AuditTab.tsx'
import { KeysTab } from './KeysTab.tsx'
import { OverviewTab } from './OverviewTab.tsx'
import { StorageTab } from './StorageTab.tsx'
import { UsersTab } from './UsersTab.tsx'
import { WorkersTab } from './WorkersTab.tsx'

const TABS: Readonly<Record<Tab, ComponentType>> = {
  overview: OverviewTab,
  users: UsersTab,
  keys: KeysTab,
  workers: WorkersTab,
  storage: StorageTab,
  audit: AuditTab,
}

export function AdminPage() {
  const { t } = useTranslation('admin')
  const { t: common } = useTranslation()
  const { role } = useAccount()
  const { tab = 'overview' } = useParams<{ tab?: string }>()
  if (role !== 'admin') return <Refusal title={t('refused.title')} text={t('refused.text')} />
  if (!isTab(tab)) return <Refusal title={common('notFound.title')} text={common('notFound.text')} />
  const Content = TABS[tab]
  return (
    <Stack gap="lg">
      <Title order={1}>{t('title')}</Title>
      <AdminNavigation />
      <Content />
    </Stack>
  )
}

function Refusal({ title, text }: { title: string; text: string }) {
  const { t } = useTranslation()
  return (
    <Stack align="center" ta="center" p="xl" gap="sm">
      <Title order={1}>{title}</Title>
      <Text maw={520}>{text}</Text>
      <Anchor component={Link} href="/">
        {t('notFound.home')}
      </Anchor>
    </Stack>
  )
}
