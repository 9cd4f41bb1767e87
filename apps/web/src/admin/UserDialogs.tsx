// The dialogs of what is done to a user, one at a time. What was done is told by a notification; the list is fetched again.

import { Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useQueryClient } from '@tanstack/react-query'
import type { ComponentType } from 'react'
import { useTranslation } from 'react-i18next'
import { sessionQuery, useAccount } from '../api/session.ts'
import type { User } from '../api/types.ts'
import { DialogFrame } from '../ui/DialogFrame.tsx'
import type { Dialog } from '../ui/use-dialog.ts'
import { DeleteUser } from './DeleteUser.tsx'
import { DisableUser } from './DisableUser.tsx'
import { EditUser } from './EditUser.tsx'
import { SetPassword } from './SetPassword.tsx'

/** `enable` asks nothing, so it has no dialog. */
export type UserAction = { readonly kind: 'edit' | 'password' | 'disable' | 'delete' | 'enable'; readonly user: User }

export interface UserFormProps {
  readonly user: User
  readonly onCancel: () => void
  readonly onDone: () => void
}

const FORMS = { edit: EditUser, password: SetPassword, disable: DisableUser, delete: DeleteUser } as const satisfies Record<
  string,
  ComponentType<UserFormProps>
>

interface UserDialogsProps {
  readonly dialog: Dialog<UserAction>
  /** The row whose menu opened the dialog is gone then. */
  readonly onDeleted: () => void
}

export function UserDialogs({ dialog: { opened, about, close }, onDeleted }: UserDialogsProps) {
  const { t } = useTranslation('admin')
  const client = useQueryClient()
  const account = useAccount()
  if (!about || about.kind === 'enable') return null
  const { kind, user } = about
  const Form = FORMS[kind]
  const done = async () => {
    close()
    notifications.show({ message: t(`users.done.${kind}`) })
    await client.invalidateQueries({ queryKey: ['admin'] })
    // One's own role or session may be another one now.
    if (user.id === account.id) await client.invalidateQueries(sessionQuery)
    if (kind === 'delete') onDeleted()
  }
  return (
    <DialogFrame opened={opened} onClose={close} title={t(`users.titles.${kind}`)} size="lg">
      <Stack gap="lg">
        <Text fw={600} translate="no">
          {user.name}
        </Text>
        <Form key={`${kind} ${user.id}`} user={user} onCancel={close} onDone={() => void done()} />
      </Stack>
    </DialogFrame>
  )
}
