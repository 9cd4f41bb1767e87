// The first administrator's name and password. Afterwards one is logged in.

import { Alert, Anchor, Button, Stack, Text, TextInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { TriangleAlert } from 'lucide-react'
import { type SubmitEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useLocation } from 'wouter'
import { ApiError } from '../api/client.ts'
import { setUp } from '../api/session.ts'
import { useErrorText } from '../i18n/use-error-text.ts'
import { isUserName } from '../ui/credentials.ts'
import { useAction } from '../ui/use-action.ts'
import { NewPasswordFields, type NewPasswordProblem } from './NewPasswordFields.tsx'
import { NO_PASSWORD, problemOfPassword } from './new-password.ts'

export function SetupForm({ token }: { token: string }) {
  const { t } = useTranslation('account')
  const client = useQueryClient()
  const [, navigate] = useLocation()
  const [name, setName] = useState('')
  const [password, setPassword] = useState(NO_PASSWORD)
  const [problem, setProblem] = useState<'name' | NewPasswordProblem>()
  const { run, pending, error } = useAction(() => setUp(client, token, name, password.first))

  const submit = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault()
    const found = isUserName(name) ? problemOfPassword(password) : 'name'
    setProblem(found)
    if (!found && (await run())) navigate('/', { replace: true })
  }

  return (
    <form noValidate onSubmit={(event) => void submit(event)}>
      <Stack gap="md">
        <TextInput
          name="username"
          label={t('name')}
          description={t('nameRule')}
          size="md"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          maxLength={64}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={problem === 'name' && t('nameInvalid')}
        />
        <NewPasswordFields
          size="md"
          value={password}
          onChange={setPassword}
          userName={name}
          problem={problem === 'name' ? undefined : problem}
        />
        <div role="alert">{error !== undefined && <Refused error={error} />}</div>
        <Button type="submit" size="md" fullWidth loading={pending}>
          {t('setup.submit')}
        </Button>
      </Stack>
    </form>
  )
}

function Refused({ error }: { error: unknown }) {
  const { t } = useTranslation('account')
  const errorText = useErrorText()
  const isUsed = error instanceof ApiError && error.code === 'setup_link_used'
  return (
    <Alert color="red" icon={<TriangleAlert size={18} aria-hidden />}>
      <Text size="sm">{isUsed ? t('setup.used') : errorText(error)}</Text>
      {isUsed && (
        <Anchor component={Link} href="/" size="sm">
          {t('setup.toLogin')}
        </Anchor>
      )}
    </Alert>
  )
}
