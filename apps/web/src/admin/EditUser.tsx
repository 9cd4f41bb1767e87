// A user's role and quota changed.

import { Stack } from '@mantine/core'
import { type SubmitEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useErrorText } from '../i18n/use-error-text.ts'
import { FormButtons } from '../ui/FormButtons.tsx'
import { useAction } from '../ui/use-action.ts'
import { QuotaFields } from './QuotaFields.tsx'
import { changeUser } from './queries.ts'
import { type BoundName, formOfQuota, lackingOf, quotaOfForm } from './quota.ts'
import { RoleField } from './RoleField.tsx'
import type { UserFormProps } from './UserDialogs.tsx'

export function EditUser({ user, onCancel, onDone }: UserFormProps) {
  const { t } = useTranslation()
  const errorText = useErrorText()
  const [role, setRole] = useState(user.role)
  const [quota, setQuota] = useState(() => formOfQuota(user.quota))
  const [lacking, setLacking] = useState<readonly BoundName[]>([])
  const { run, pending, error } = useAction(() => changeUser(user.id, { ...(role !== user.role && { role }), quota: quotaOfForm(quota) }))
  const submit = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault()
    const found = lackingOf(quota)
    setLacking(found)
    if (found.length === 0 && (await run())) onDone()
  }
  return (
    <form noValidate onSubmit={(event) => void submit(event)}>
      <Stack gap="lg">
        <RoleField value={role} onChange={setRole} />
        <QuotaFields value={quota} onChange={setQuota} lacking={lacking} />
        <FormButtons submit={t('save')} pending={pending} error={error === undefined ? undefined : errorText(error)} onCancel={onCancel} />
      </Stack>
    </form>
  )
}
