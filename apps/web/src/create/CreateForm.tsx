// The form: prompt, button, options. What it holds lives in the draft (settings/draft.ts); what the service refuses is shown at
// the field that it names.

import { Alert, Button, Skeleton, Stack, VisuallyHidden } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type Ref, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { capabilitiesQuery, modelsQuery } from '../api/models.ts'
import type { Capabilities, VideoObject } from '../api/types.ts'
import { useErrorText } from '../i18n/use-error-text.ts'
import { useDraft } from '../settings/draft.ts'
import { problemOf, roomProblem } from '../settings/problem.ts'
import { AdvancedOptions } from './AdvancedOptions.tsx'
import { changeSettings, FormContext, focusField } from './form-context.ts'
import { GenerateBar } from './GenerateBar.tsx'
import { PromptField } from './PromptField.tsx'
import { useFileOrEarlier } from './source.ts'
import { useGenerate } from './use-generate.ts'
import { useRefusal } from './use-refusal.ts'

/** Milliseconds: room comes back when a video ends, and speed is measured anew. */
const ROOM_MS = 5000
const SPEED_MS = 60_000

interface CreateFormProps {
  readonly onMade: (video: VideoObject) => void
  readonly promptRef: Ref<{ focus: () => void }>
}

export function CreateForm({ onMade, promptRef }: CreateFormProps) {
  const { settings, file } = useDraft()
  const { data: capabilities } = useQuery({ ...capabilitiesQuery, refetchInterval: ({ state }) => refetchAfter(state.data) })
  const { data: models } = useQuery(modelsQuery)
  const [opened, setOpened] = useOpened()
  const { said, announce } = useAnnouncement()
  const { begin, pending, error } = useGenerate((video) => {
    announce(video)
    onMade(video)
  })
  const { refusal, general } = useRefusal(error, setOpened)

  const press = () => {
    if (pending || !capabilities) return
    const problem = problemOf(capabilities, settings)
    if (!problem) begin()
    else if (problem.param !== undefined) {
      if (problem.param !== 'prompt') setOpened(true)
      focusField(problem.param === 'height' ? 'custom-height' : problem.param)
    }
  }

  return (
    <Stack gap="md">
      <PromptField
        value={settings.prompt}
        onChange={(prompt) => changeSettings({ prompt })}
        onEnter={press}
        error={refusal?.param === 'prompt' ? refusal.text : undefined}
        focusRef={promptRef}
      />
      {general !== undefined && (
        <Alert color="red" role="alert">
          {general}
        </Alert>
      )}
      <GenerateBar capabilities={capabilities} settings={settings} pending={pending} onPress={press} />
      <VisuallyHidden role="status" translate="no">
        {said}
      </VisuallyHidden>
      {capabilities && models ? (
        <FormContext value={{ capabilities, models, settings, file, refusal }}>
          <AdvancedOptions opened={opened} onToggle={setOpened} />
        </FormContext>
      ) : (
        <Options />
      )}
    </Stack>
  )
}

/** While it is not known what the service offers, and when that cannot be learnt. */
function Options() {
  const { t } = useTranslation()
  const errorText = useErrorText()
  const capabilities = useQuery(capabilitiesQuery)
  const models = useQuery(modelsQuery)
  const error = capabilities.error ?? models.error
  if (!error) return <Skeleton h={52} />
  return (
    <Alert color="red" role="alert">
      <Stack gap="sm" align="flex-start">
        {errorText(error)}
        <Button variant="default" size="xs" onClick={() => void Promise.all([capabilities.refetch(), models.refetch()])}>
          {t('retry')}
        </Button>
      </Stack>
    </Alert>
  )
}

function refetchAfter(capabilities: Capabilities | undefined): number {
  return capabilities && roomProblem(capabilities) ? ROOM_MS : SPEED_MS
}

/** Closed at first; open when the form is given a video to start from, which would go unseen. */
function useOpened() {
  const hasSource = useFileOrEarlier()
  const state = useState(hasSource)
  const [, setOpened] = state
  useEffect(() => {
    if (hasSource) setOpened(true)
  }, [hasSource, setOpened])
  return state
}

/** What is told to people who do not see the stage. */
function useAnnouncement() {
  const { t } = useTranslation('create')
  const [video, setVideo] = useState<VideoObject>()
  const place = video?.queue_position ?? undefined
  const said =
    video && (place === undefined ? t('said.begun', { prompt: video.prompt }) : t('said.queued', { prompt: video.prompt, place }))
  return { said: said && <span key={video.id}>{said}</span>, announce: setVideo }
}
