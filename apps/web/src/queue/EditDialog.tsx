// Changes a video that waits. When it was begun meanwhile, what was written can be queued as a new one.

import { Button, Group, Stack } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError } from '../api/client.ts'
import type { VideoObject } from '../api/types.ts'
import { useErrorText } from '../i18n/use-error-text.ts'
import { DialogFrame } from '../ui/DialogFrame.tsx'
import { useAction } from '../ui/use-action.ts'
import type { Dialog } from '../ui/use-dialog.ts'
import { changesOf, type Values, valuesOf } from './changes.ts'
import { EditFields } from './EditFields.tsx'
import { Notice } from './Notice.tsx'
import { changeVideo, copyVideo } from './requests.ts'
import { useRefresh } from './use-queue.ts'

interface Props {
  readonly dialog: Dialog<VideoObject>
  readonly onClosed: () => void
  readonly announce: (text: string) => void
}

export function EditDialog({ dialog, onClosed, announce }: Props) {
  const { t } = useTranslation('queue')
  return (
    <DialogFrame opened={dialog.opened} onClose={dialog.close} onExitTransitionEnd={onClosed} size="lg" title={t('edit.title')}>
      {dialog.about && <EditForm key={dialog.about.id} video={dialog.about} onClose={dialog.close} announce={announce} />}
    </DialogFrame>
  )
}

/** `video` as it was when the dialog was opened: what is asked for anew meanwhile does not touch the form. */
function EditForm({ video, onClose, announce }: { video: VideoObject; onClose: () => void; announce: (text: string) => void }) {
  const { t } = useTranslation('queue')
  const refresh = useRefresh()
  const errorText = useErrorText()
  const [values, setValues] = useState(() => valuesOf(video))
  const change = (part: Partial<Values>) => setValues((before) => ({ ...before, ...part }))
  const changes = changesOf(video, values)
  const save = useAction(async () => {
    if (Object.keys(changes).length > 0) await changeVideo(video.id, changes).finally(() => void refresh())
    announce(t('edit.saved'))
    onClose()
  })
  const copy = useAction(async () => {
    await copyVideo(video, changes)
    void refresh()
    announce(t('copied'))
    onClose()
  })
  const error = copy.error ?? save.error
  const hasBegun = save.error instanceof ApiError && save.error.code === 'video_not_waiting'
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        void save.run()
      }}
    >
      <Stack gap="md">
        <EditFields video={video} values={values} onChange={change} />
        {error !== undefined && (
          <Notice color={hasBegun ? 'yellow' : 'red'} role="alert">
            {hasBegun && copy.error === undefined ? t('edit.begun') : errorText(error)}
          </Notice>
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t('edit.discard')}
          </Button>
          {hasBegun ? (
            <Button loading={copy.pending} onClick={() => void copy.run()}>
              {t('edit.asNew')}
            </Button>
          ) : (
            <Button type="submit" loading={save.pending} disabled={values.prompt.trim() === ''}>
              {t('edit.save')}
            </Button>
          )}
        </Group>
      </Stack>
    </form>
  )
}
