// Asks before a user is kept out: their sessions end, and their keys for good.

import { Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useErrorText } from '../i18n/use-error-text.ts'
import { FormButtons } from '../ui/FormButtons.tsx'
import { useAction } from '../ui/use-action.ts'
import { changeUser } from './queries.ts'
import type { UserFormProps } from './UserDialogs.tsx'

export function DisableUser({ user, onCancel, onDone }: UserFormProps) {
  const { t } = useTranslation('admin')
  const errorText = useErrorText()
  const { run, pending, error } = useAction(() => changeUser(user.id, { disabled: true }))
  const disable = async () => {
    if (await run()) onDone()
  }
  return (
    <Stack gap="lg">
      <Text>{t('users.disableText')}</Text>
      <FormButtons
        danger
        submit={t('users.disable')}
        pending={pending}
        error={error === undefined ? undefined : errorText(error)}
        onCancel={onCancel}
        onSubmit={() => void disable()}
      />
    </Stack>
  )
}
