// What stands at every address for who is not logged in. There is no address of its own: after the log-in the page that was
// asked for stands where this one was.

import { Button, Stack } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { EntryFrame } from './EntryFrame.tsx'
import { LoginForm } from './LoginForm.tsx'
import { SetupHint } from './SetupHint.tsx'

export function LoginPage({ setupRequired }: { setupRequired: boolean }) {
  const { t } = useTranslation('account')
  const [hasAccount, setHasAccount] = useState(false)
  if (!setupRequired || hasAccount)
    return (
      <EntryFrame title={t('login.title')} text={t('login.text')}>
        <LoginForm />
      </EntryFrame>
    )
  return (
    <EntryFrame title={t('setupHint.title')} text={t('setupHint.text')}>
      <Stack gap="md">
        <SetupHint />
        <Button variant="subtle" onClick={() => setHasAccount(true)}>
          {t('setupHint.hasAccount')}
        </Button>
      </Stack>
    </EntryFrame>
  )
}
