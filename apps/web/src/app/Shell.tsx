// The frame around the pages: where one can go, the queue's length, language, appearance and account. On a phone the pages'
// links stand at the bottom.

import { AppShell, Group, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { Logo } from '../ui/Logo.tsx'
import { Preferences } from '../ui/Preferences.tsx'
import { Connection } from '../watch/Connection.tsx'
import { JobsWatcher } from '../watch/JobsWatcher.tsx'
import { Navigation } from './Navigation.tsx'
import styles from './Shell.module.css'
import { UserMenu } from './UserMenu.tsx'

export function Shell({ children }: { children: ReactNode }) {
  const { t } = useTranslation()
  return (
    <AppShell header={{ height: 56 }} padding={{ base: 'sm', sm: 'lg' }}>
      <a href="#content" className={styles.skip}>
        {t('skipToContent')}
      </a>
      <AppShell.Header>
        <Group h="100%" px={{ base: 'sm', sm: 'lg' }} className={styles.bar} justify="space-between" wrap="nowrap">
          <Link href="/" className={styles.brand}>
            <Logo />
            <Text component="span" fw={700} fz="lg" translate="no">
              {t('appName')}
            </Text>
          </Link>
          <Navigation place="top" />
          <Group gap={4} wrap="nowrap">
            <Preferences />
            <UserMenu />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Main id="content" tabIndex={-1} className={styles.main}>
        <Connection />
        {children}
      </AppShell.Main>
      <Navigation place="bottom" />
      <JobsWatcher />
    </AppShell>
  )
}
