// Asks before a key ends: whatever uses it stops working at once.

import { Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Key } from '../api/types.ts'
import { useErrorText } from '../i18n/use-error-text.ts'
import { DialogFrame } from '../ui/DialogFrame.tsx'
import { FormButtons } from '../ui/FormButtons.tsx'
import { useAction } from '../ui/use-action.ts'
import type { Dialog } from '../ui/use-dialog.ts'
import { keysQuery, revokeKey } from './keys.ts'

interface RevokeKeyProps {
  readonly dialog: Dialog<Key>
  /** The button that opened the dialog is gone then. */
  readonly onRevoked: () => void
}

export function RevokeKey({ dialog: { opened, about, close }, onRevoked }: RevokeKeyProps) {
  const { t } = useTranslation('account')
  const errorText = useErrorText()
  const client = useQueryClient()
  const { run, pending, error } = useAction(async (id: string) => {
    await revokeKey(id)
    client.setQueryData(keysQuery.queryKey, (keys) => keys?.filter((key) => key.id !== id))
  })
  const revoke = async ({ id }: Key) => {
    if (!(await run(id))) return
    close()
    notifications.show({ message: t('revoke.done') })
    onRevoked()
  }
  return (
    <DialogFrame opened={opened} onClose={close} title={t('revoke.title')}>
      {about && (
        <Stack gap="lg">
          <Text fw={600} translate="no">
            {about.name} · {about.start}…
          </Text>
          <Text>{t('revoke.text')}</Text>
          <FormButtons
            danger
            submit={t('keys.revoke')}
            pending={pending}
            error={error === undefined ? undefined : errorText(error)}
            onCancel={close}
            onSubmit={() => void revoke(about)}
          />
        </Stack>
      )}
    </DialogFrame>
  )
}
