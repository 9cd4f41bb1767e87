// How many frames, and for how long they play; what happens beyond those that the model was trained with.

import { Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { defaultOf, modelOf, trainedFrames } from '../../settings/limits.ts'
import { formatNumber, formatSeconds } from '../../ui/format.ts'
import { useForm } from '../form-context.ts'
import { Warning } from '../Warning.tsx'
import { NumberRow } from './NumberRow.tsx'

export function FramesField() {
  const { t, i18n } = useTranslation('create')
  const { capabilities, models, settings } = useForm()
  const frames = settings.num_frames ?? defaultOf(capabilities, settings, 'num_frames')
  const fps = settings.fps ?? defaultOf(capabilities, settings, 'fps')
  const trained = trainedFrames(models, modelOf(capabilities, settings.model)?.id ?? '')
  const isBeyond = frames !== undefined && trained !== undefined && frames > trained
  const note = (
    <>
      {frames !== undefined && fps !== undefined && (
        <Text size="xs">
          {t('options.num_frames.seconds', {
            time: formatSeconds(frames / fps, i18n.language),
            fps: formatNumber(fps, i18n.language),
          })}
        </Text>
      )}
      {isBeyond && <Warning>{t('options.num_frames.beyond', { frames: formatNumber(trained, i18n.language) })}</Warning>}
    </>
  )
  return <NumberRow name="num_frames" note={note} />
}
