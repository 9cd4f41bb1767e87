// Asks before a user goes, with all videos, which cannot be undone: the name has to be typed.

import { Stack, Text, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type SubmitEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useErrorText } from '../i18n/use-error-text.ts'
import { FormButtons } from '../ui/FormButtons.tsx'
import { formatBytes } from '../ui/format.ts'
import { useAction } from '../ui/use-action.ts'
import { deleteUser, storageQuery } from './queries.ts'
import type { UserFormProps } from './UserDialogs.tsx'

export function DeleteUser({ user, onCancel, onDone }: UserFormProps) {
  const { t, i18n } = useTranslation('admin')
  const errorText = useErrorText()
  const { data: storage } = useQuery({ ...storageQuery, staleTime: 0 })
  const [typed, setTyped] = useState('')
  const { run, pending, error } = useAction(() => deleteUser(user.id))
  const videos = storage?.users.find(({ id }) => id === user.id)
  const submit = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault()
    if (typed.trim() === user.name && (await run())) onDone()
  }
  return (
    <form noValidate onSubmit={(event) => void submit(event)}>
      <Stack gap="lg">
        <Text role="status">
          {storage
            ? videos
              ? t('delete.videos', { count: videos.videos, bytes: formatBytes(videos.bytes, i18n.language) })
              : t('delete.none')
            : t('delete.counting')}
        </Text>
        <TextInput
          data-autofocus
          label={t('delete.type')}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <FormButtons
          danger
          submit={t('delete.submit')}
          disabled={typed.trim() !== user.name}
          pending={pending}
          error={error === undefined ? undefined : errorText(error)}
          onCancel={onCancel}
        />
      </Stack>
    </form>
  )
}
