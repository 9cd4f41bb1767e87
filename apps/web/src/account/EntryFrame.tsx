// The page of who is not logged in: a card in the middle, language and appearance above it, nothing else to distract.

import { Center, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { type ReactNode, useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { Logo } from '../ui/Logo.tsx'
import { Preferences } from '../ui/Preferences.tsx'
import styles from './EntryFrame.module.css'

interface EntryFrameProps {
  readonly title: string
  readonly text: string
  readonly children: ReactNode
}

export function EntryFrame({ title, text, children }: EntryFrameProps) {
  const { t } = useTranslation()
  useEffect(() => {
    document.title = t('title', { page: title })
  }, [t, title])
  return (
    <div className={styles.page}>
      <Group component="header" justify="flex-end" gap={4} p="sm">
        <Preferences />
      </Group>
      <Center component="main" flex={1} px="md" pb={{ base: 'xl', sm: 96 }}>
        <Stack w="100%" maw={420} gap="xl">
          <Stack align="center" gap={6}>
            <Logo size={56} />
            <Text fw={700} fz={24} translate="no">
              {t('appName')}
            </Text>
          </Stack>
          <Paper withBorder shadow="sm" radius="lg" p={{ base: 'lg', sm: 'xl' }} className={styles.card}>
            <Stack gap="lg">
              <Stack gap={6}>
                <Title order={1} size="h3">
                  {title}
                </Title>
                <Text c="dimmed">{text}</Text>
              </Stack>
              {children}
            </Stack>
          </Paper>
        </Stack>
      </Center>
    </div>
  )
}
