// Asks before an API key ends: whatever uses it stops working at once.

import { Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useTranslation } from 'react-i18next'
import { useErrorText } from '../i18n/use-error-text.ts'
import { DialogFrame } from './DialogFrame.tsx'
import { FormButtons } from './FormButtons.tsx'
import { useAction } from './use-action.ts'
import type { Dialog } from './use-dialog.ts'

interface RevokeKeyProps<K extends { readonly id: string }> {
  readonly dialog: Dialog<K>
  /** What people tell the key by. */
  readonly nameOf: (key: K) => string
  readonly revoke: (id: string) => Promise<void>
  /** The button that opened the dialog is gone then. */
  readonly onRevoked: () => void
}

export function RevokeKey<K extends { readonly id: string }>({
  dialog: { opened, about, close },
  nameOf,
  revoke,
  onRevoked,
}: RevokeKeyProps<K>) {
  const { t } = useTranslation()
  const errorText = useErrorText()
  const { run, pending, error } = useAction(revoke)
  const submit = async ({ id }: K) => {
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
            {nameOf(about)}
          </Text>
          <Text>{t('revoke.text')}</Text>
          <FormButtons
            danger
            submit={t('revoke.button')}
            pending={pending}
            error={error === undefined ? undefined : errorText(error)}
            onCancel={close}
            onSubmit={() => void submit(about)}
          />
        </Stack>
      )}
    </DialogFrame>
  )
}
