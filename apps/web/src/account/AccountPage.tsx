// One's own account: who one is, what one may still ask for, the password, the keys of programs.

import { Alert, Badge, Grid, Group, Stack, Text, Title } from '@mantine/core'
import { Info } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useAccount } from '../api/session.ts'
import { ChangePassword } from './ChangePassword.tsx'
import { KeysPanel } from './KeysPanel.tsx'
import { UsagePanel } from './UsagePanel.tsx'

export function AccountPage() {
  const { t } = useTranslation('account')
  const { name, role, via } = useAccount()
  return (
    <Stack gap="lg">
      <Stack gap={6}>
        <Title order={1}>{t('title')}</Title>
        <Group gap="sm">
          <Text c="dimmed">{t('signedInAs')}</Text>
          <Text fw={600} translate="no">
            {name}
          </Text>
          <Badge variant="default">{t(`role.${role}`)}</Badge>
        </Group>
      </Stack>
      {via === 'session' ? (
        <Grid gap="lg">
          <Grid.Col span={{ base: 12, md: 5 }}>
            <Stack gap="lg">
              <UsagePanel />
              <ChangePassword />
            </Stack>
          </Grid.Col>
          <Grid.Col span={{ base: 12, md: 7 }}>
            <KeysPanel />
          </Grid.Col>
        </Grid>
      ) : (
        <Stack gap="lg" maw={720}>
          <Alert color="gray" icon={<Info size={18} aria-hidden />} title={t('noLogin.title')}>
            {t('noLogin.text')}
          </Alert>
          <UsagePanel />
        </Stack>
      )}
    </Stack>
  )
}
