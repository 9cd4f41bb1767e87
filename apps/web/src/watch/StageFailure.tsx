// A video that will not come: why, in plain words, and what to do about it.

import { Alert, Button, Group, Stack, Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Ban, CircleAlert, PencilLine, RotateCcw } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import type { VideoObject } from '../api/types.ts'
import { useErrorText } from '../i18n/use-error-text.ts'
import { setDraft } from '../settings/draft.ts'
import { settingsOfVideo } from '../settings/settings.ts'
import { makeAgain } from './make-again.ts'
import styles from './Stage.module.css'
import { failureKey, mayWorkAgain } from './texts.ts'
import { Warnings } from './Warnings.tsx'

interface StageFailureProps {
  readonly video: VideoObject
  readonly withoutPrompt: boolean
  readonly onMade: (video: VideoObject) => void
}

export function StageFailure({ video, withoutPrompt, onMade }: StageFailureProps) {
  const { t } = useTranslation('watch')
  const { code = '', message = '' } = video.error ?? {}
  const known = failureKey(code)
  const isCancelled = code === 'cancelled'
  const Icon = isCancelled ? Ban : CircleAlert
  return (
    <Stack align="center" justify="center" gap="sm" p="md" className={styles.empty}>
      <Icon size={32} strokeWidth={1.6} aria-hidden />
      <Text fw={600} fz="lg" ta="center">
        {t(isCancelled ? 'failure.cancelledTitle' : 'failure.title')}
      </Text>
      <Text size="sm" ta="center" maw={440}>
        {known ? t(`failure.${known}`) : t('failure.other', { message })}
      </Text>
      {known === 'invalid_request' && (
        <Text size="sm" c="dimmed" ta="center" maw={440} lang="en" translate="no">
          {message}
        </Text>
      )}
      {!withoutPrompt && (
        <Text size="sm" c="dimmed" lineClamp={2} ta="center" maw={440} translate="no">
          {video.prompt}
        </Text>
      )}
      <WaysOut video={video} mayRetry={mayWorkAgain(code)} onMade={onMade} />
      <Warnings warnings={video.warnings} />
    </Stack>
  )
}

function WaysOut({ video, mayRetry, onMade }: Pick<StageFailureProps, 'video' | 'onMade'> & { mayRetry: boolean }) {
  const { t } = useTranslation()
  const { t: watch } = useTranslation('watch')
  const [, goTo] = useLocation()
  const client = useQueryClient()
  const textOf = useErrorText()
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => makeAgain(video),
    onSuccess(made) {
      client.setQueryData(['video', made.id], made)
      void client.invalidateQueries({ queryKey: ['videos'] })
      onMade(made)
    },
  })
  function change(): void {
    setDraft({ settings: settingsOfVideo(video) })
    goTo('/')
  }
  return (
    <>
      <Group gap="xs" justify="center">
        {mayRetry && (
          <Button leftSection={<RotateCcw size={16} aria-hidden />} loading={isPending} onClick={() => mutate()}>
            {t('retry')}
          </Button>
        )}
        <Button variant="default" leftSection={<PencilLine size={16} aria-hidden />} onClick={change}>
          {watch('failure.change')}
        </Button>
      </Group>
      {error && (
        <Alert color="red" variant="light" p="sm">
          {textOf(error)}
        </Alert>
      )}
    </>
  )
}
