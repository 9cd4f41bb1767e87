// Asks before somebody's key ends.

import { Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { AdminKey } from '../api/types.ts'
import { useErrorText } from '../i18n/use-error-text.ts'
import { DialogFrame } from '../ui/DialogFrame.tsx'
import { FormButtons } from '../ui/FormButtons.tsx'
import { useAction } from '../ui/use-action.ts'
import type { Dialog } from '../ui/use-dialog.ts'
import { adminKeysQuery, revokeAdminKey } from './queries.ts'

interface RevokeUserKeyProps {
  readonly dialog: Dialog<AdminKey>
  /** The button that opened the dialog is gone then. */
  readonly onRevoked: () => void
}

export function RevokeUserKey({ dialog: { opened, about, close }, onRevoked }: RevokeUserKeyProps) {
  const { t } = useTranslation('admin')
  const errorText = useErrorText()
  const client = useQueryClient()
  const { run, pending, error } = useAction(async (id: string) => {
    await revokeAdminKey(id)
    client.setQueryData(adminKeysQuery.queryKey, (keys) => keys?.filter((key) => key.id !== id))
    await client.invalidateQueries({ queryKey: ['keys'] })
  })
  const revoke = async (id: string) => {
    if (!(await run(id))) return
    close()
    notifications.show({ message: t('keys.revoked') })
    onRevoked()
  }
  return (
    <DialogFrame opened={opened} onClose={close} title={t('keys.revokeTitle')}>
      {about && (
        <Stack gap="lg">
          <Text fw={600} translate="no">
            {about.user.name} · {about.name} · {about.start}…
          </Text>
          <Text>{t('keys.revokeText')}</Text>
          <FormButtons
            danger
            submit={t('keys.revoke')}
            pending={pending}
            error={error === undefined ? undefined : errorText(error)}
            onCancel={close}
            onSubmit={() => void revoke(about.id)}
          />
        </Stack>
      )}
    </DialogFrame>
  )
}
