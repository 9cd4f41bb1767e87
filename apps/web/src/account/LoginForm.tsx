// Name and password. The fields are the browser's own until they are sent, as password managers like them.

import { Button, Stack, TextInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { type SubmitEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { logIn } from '../api/session.ts'
import { useAction } from '../ui/use-action.ts'
import { LoginProblem } from './LoginProblem.tsx'
import { PasswordField } from './PasswordField.tsx'

export function LoginForm() {
  const { t } = useTranslation('account')
  const client = useQueryClient()
  const fields = { name: useRef<HTMLInputElement>(null), password: useRef<HTMLInputElement>(null) }
  const [missing, setMissing] = useState<'name' | 'password'>()
  const { run, pending, error } = useAction(async (name: string, password: string) => {
    // Whoever was here before may have been somebody else.
    client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' })
    await logIn(client, name, password)
  })

  const submit = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault()
    const [name, password] = [fields.name.current!.value.trim(), fields.password.current!.value]
    const lacking = name === '' ? 'name' : password === '' ? 'password' : undefined
    setMissing(lacking)
    if (lacking) return fields[lacking].current!.focus()
    if (await run(name, password)) return
    fields.password.current?.focus()
    fields.password.current?.select()
  }

  return (
    <form noValidate onSubmit={(event) => void submit(event)}>
      <Stack gap="md">
        <TextInput
          ref={fields.name}
          name="username"
          label={t('name')}
          size="md"
          autoComplete="username"
          autoCapitalize="none"
          autoCorrect="off"
          spellCheck={false}
          maxLength={64}
          error={missing === 'name' && t('login.nameMissing')}
        />
        <PasswordField
          ref={fields.password}
          name="password"
          label={t('password')}
          size="md"
          autoComplete="current-password"
          error={missing === 'password' && t('login.passwordMissing')}
        />
        <LoginProblem error={missing ? undefined : error} />
        <Button type="submit" size="md" fullWidth loading={pending}>
          {t('login.submit')}
        </Button>
      </Stack>
    </form>
  )
}
