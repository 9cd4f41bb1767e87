// What a row tells of a video beside its prompt: model, size, frames, steps, and how long it takes by what the last ones took.

import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { capabilitiesQuery } from '../api/models.ts'
import type { Capabilities, VideoObject } from '../api/types.ts'
import { estimateSeconds } from '../settings/estimate.ts'
import { settingsOfVideo } from '../settings/settings.ts'
import { formatNumber, formatSeconds } from '../ui/format.ts'

/** undefined where the model has made nothing yet. */
export function secondsOf(video: VideoObject, capabilities: Capabilities | undefined): number | undefined {
  const { task, strength, overlap } = video
  return capabilities && estimateSeconds({ ...settingsOfVideo(video), task, strength, overlap }, capabilities, video)
}

export function useFacts(): (video: VideoObject) => Record<string, string | undefined> {
  const { t, i18n } = useTranslation('queue')
  const { data: capabilities } = useQuery(capabilitiesQuery)
  return (video) => {
    const seconds = video.status === 'queued' ? secondsOf(video, capabilities) : undefined
    return {
      task: video.task === 'generate' ? undefined : t(`task.${video.task}`),
      model: video.model,
      size: `${video.width} × ${video.height}`,
      frames: t('frames', { count: video.num_frames }),
      steps: t('steps', { count: video.num_inference_steps }),
      guidance: t('guidance', { value: formatNumber(video.guidance_scale, i18n.language) }),
      time: seconds === undefined ? undefined : t('about', { time: formatSeconds(Math.max(1, Math.round(seconds)), i18n.language) }),
    }
  }
}
