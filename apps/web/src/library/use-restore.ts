// A video file's settings into the form, and there. What it says, and what is not here, is told in a notification.

import { notifications } from '@mantine/notifications'
import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { capabilitiesQuery, modelsQuery } from '../api/models.ts'
import { useErrorText } from '../i18n/use-error-text.ts'
import { setDraft } from '../settings/draft.ts'
import { FileError } from '../settings/file-error.ts'
import { fitSettings } from '../settings/fit.ts'

export function useRestore(): (files: readonly File[]) => Promise<void> {
  const { t, i18n } = useTranslation('library')
  const client = useQueryClient()
  const [, navigate] = useLocation()
  const errorText = useErrorText()
  return async (files) => {
    const [file, ...others] = files
    if (!file) return
    try {
      if (others.length > 0) return void notifications.show({ color: 'red', title: t('restore.failed'), message: t('restore.one') })
      // Not before a file is there.
      const { settingsOfFile } = await import('../settings/from-file.ts')
      const [read, models, capabilities] = await Promise.all([
        settingsOfFile(file),
        client.query({ ...modelsQuery, staleTime: 'static' }),
        client.query({ ...capabilitiesQuery, staleTime: 'static' }),
      ])
      const { settings, missing } = fitSettings(read, models, capabilities)
      setDraft({ settings })
      navigate('/')
      const names = new Intl.ListFormat(i18n.language, { type: 'conjunction' }).format(missing)
      notifications.show({
        title: t('restore.done'),
        message: missing.length > 0 ? t('restore.missing', { names }) : t('restore.doneOf', { name: file.name }),
        ...(missing.length > 0 && { color: 'yellow', autoClose: 10_000 }),
      })
    } catch (error) {
      const message = error instanceof FileError ? t(`restore.${error.code}`, { name: file.name }) : errorText(error)
      notifications.show({ color: 'red', title: t('restore.failed'), message, autoClose: 10_000 })
    }
  }
}
