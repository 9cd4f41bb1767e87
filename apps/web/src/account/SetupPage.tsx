// Where the link that the service prints at its first start leads: whoever has it makes the first administrator, once.

import { Alert, Anchor, Stack, Text } from '@mantine/core'
import { TriangleAlert } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { EntryFrame } from './EntryFrame.tsx'
import { SetupForm } from './SetupForm.tsx'
import { useSetupToken } from './use-setup-token.ts'

export function SetupPage() {
  const { t } = useTranslation('account')
  const token = useSetupToken()
  if (token === undefined)
    return (
      <EntryFrame title={t('setup.title')} text={t('setup.noToken')}>
        <Stack gap="md">
          <Alert color="gray" icon={<TriangleAlert size={18} aria-hidden />}>
            <Text size="sm">{t('setup.noTokenHelp')}</Text>
          </Alert>
          <Anchor component={Link} href="/" ta="center">
            {t('setup.toLogin')}
          </Anchor>
        </Stack>
      </EntryFrame>
    )
  return (
    <EntryFrame title={t('setup.title')} text={t('setup.text')}>
      <SetupForm key={token} token={token} />
    </EntryFrame>
  )
}
