// A user's password replaced by another one, for somebody who forgot theirs. Their sessions end.

import { Stack, Text } from '@mantine/core'
import { type SubmitEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useErrorText } from '../i18n/use-error-text.ts'
import { isPassword } from '../ui/credentials.ts'
import { FormButtons } from '../ui/FormButtons.tsx'
import { useAction } from '../ui/use-action.ts'
import { PasswordForOther } from './PasswordForOther.tsx'
import { changeUser } from './queries.ts'
import type { UserFormProps } from './UserDialogs.tsx'

export function SetPassword({ user, onCancel, onDone }: UserFormProps) {
  const { t } = useTranslation('admin')
  const errorText = useErrorText()
  const [password, setPassword] = useState('')
  const [isInvalid, setInvalid] = useState(false)
  const { run, pending, error } = useAction(() => changeUser(user.id, { password }))
  const submit = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault()
    setInvalid(!isPassword(password))
    if (isPassword(password) && (await run())) onDone()
  }
  return (
    <form noValidate onSubmit={(event) => void submit(event)}>
      <Stack gap="lg">
        <Text size="sm">{t('password.ends')}</Text>
        <PasswordForOther value={password} onChange={setPassword} isInvalid={isInvalid} />
        <FormButtons
          submit={t('password.submit')}
          pending={pending}
          error={error === undefined ? undefined : errorText(error)}
          onCancel={onCancel}
        />
      </Stack>
    </form>
  )
}
