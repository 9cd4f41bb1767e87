// Lets a disabled user in again, at once: nothing is lost by it. What came of it is told by a notification.

import { notifications } from '@mantine/notifications'
import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { User } from '../api/types.ts'
import { useErrorText } from '../i18n/use-error-text.ts'
import { changeUser, usersQuery } from './queries.ts'

export function useEnableUser(): (user: User) => Promise<void> {
  const { t } = useTranslation('admin')
  const errorText = useErrorText()
  const client = useQueryClient()
  return async ({ id }) => {
    try {
      await changeUser(id, { disabled: false })
      notifications.show({ message: t('users.enabled') })
    } catch (error) {
      notifications.show({ color: 'red', message: errorText(error) })
    }
    await client.invalidateQueries(usersQuery)
  }
}
