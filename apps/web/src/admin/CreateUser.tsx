// The dialog that makes a user: name, first password, role, quota.

import { Stack, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useQueryClient } from '@tanstack/react-query'
import { type SubmitEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { User } from '../api/types.ts'
import { useErrorText } from '../i18n/use-error-text.ts'
import { isPassword, isUserName } from '../ui/credentials.ts'
import { DialogFrame } from '../ui/DialogFrame.tsx'
import { FormButtons } from '../ui/FormButtons.tsx'
import { useAction } from '../ui/use-action.ts'
import { PasswordForOther } from './PasswordForOther.tsx'
import { QuotaFields } from './QuotaFields.tsx'
import { createUser } from './queries.ts'
import { formOfQuota, lackingOf, quotaOfForm } from './quota.ts'
import { RoleField } from './RoleField.tsx'

export function CreateUser({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation('admin')
  return (
    <DialogFrame opened={opened} onClose={onClose} title={t('users.create')} size="lg">
      <CreateUserForm onClose={onClose} />
    </DialogFrame>
  )
}

function CreateUserForm({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('admin')
  const errorText = useErrorText()
  const client = useQueryClient()
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const [role, setRole] = useState<User['role']>('user')
  const [quota, setQuota] = useState(() => formOfQuota({}))
  const [wasSent, setWasSent] = useState(false)
  const lacking = lackingOf(quota)
  const { run, pending, error } = useAction(() => createUser({ name, password, role, quota: quotaOfForm(quota) }))
  const submit = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault()
    setWasSent(true)
    if (!isUserName(name) || !isPassword(password) || lacking.length > 0 || !(await run())) return
    onClose()
    notifications.show({ message: t('users.done.create') })
    await client.invalidateQueries({ queryKey: ['admin'] })
  }
  return (
    <form noValidate onSubmit={(event) => void submit(event)}>
      <Stack gap="lg">
        <TextInput
          data-autofocus
          label={t('users.name')}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          maxLength={64}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={wasSent && !isUserName(name) && t('users.nameInvalid')}
        />
        <PasswordForOther value={password} onChange={setPassword} isInvalid={wasSent && !isPassword(password)} />
        <RoleField value={role} onChange={setRole} />
        <QuotaFields value={quota} onChange={setQuota} lacking={wasSent ? lacking : []} />
        <FormButtons
          submit={t('users.createSubmit')}
          pending={pending}
          error={error === undefined ? undefined : errorText(error)}
          onCancel={onClose}
        />
      </Stack>
    </form>
  )
}
