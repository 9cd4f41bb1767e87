// What a video was made with: as rows to read, and as JSON to take elsewhere.

import type { VideoObject } from '../api/types.ts'
import { settingsOfVideo } from '../settings/settings.ts'
import { formatNumber, formatSeconds, formatTime } from '../ui/format.ts'

export type FactName =
  | 'model'
  | 'size'
  | 'frames'
  | 'fps'
  | 'steps'
  | 'guidance'
  | 'scheduler'
  | 'strength'
  | 'overlap'
  | 'lora'
  | 'negative'
  | 'asked'
  | 'expires'
  | 'id'

export interface Fact {
  readonly name: FactName
  readonly value: string
  /** Names and the user's own words: the same in every language. */
  readonly verbatim?: boolean
}

/** Only what there is to say. */
export function factsOf(video: VideoObject, language: string): Fact[] {
  const number = (value: number) => formatNumber(value, language)
  const verbatim = (name: FactName, value: string | undefined): Fact | undefined => (value ? { name, value, verbatim: true } : undefined)
  const measured = (name: FactName, value: number | undefined): Fact | undefined =>
    value === undefined ? undefined : { name, value: number(value) }
  const frames = video.num_frames + (video.input_frames ?? 0)
  const rows: (Fact | undefined)[] = [
    verbatim('model', video.model),
    { name: 'size', value: `${video.width} × ${video.height}` },
    { name: 'frames', value: `${number(frames)} (${formatSeconds(Number(video.seconds), language)})` },
    measured('fps', video.fps),
    measured('steps', video.num_inference_steps),
    measured('guidance', video.guidance_scale),
    verbatim('scheduler', video.scheduler),
    measured('strength', video.strength),
    measured('overlap', video.overlap),
    verbatim('lora', video.lora?.map(({ name, scale }) => `${name} × ${number(scale)}`).join(', ')),
    verbatim('negative', video.negative_prompt),
    { name: 'asked', value: formatTime(video.created_at, language) },
    video.expires_at === null ? undefined : { name: 'expires', value: formatTime(video.expires_at, language) },
    verbatim('id', video.id),
  ]
  return rows.filter((row) => row !== undefined)
}

/** The API's own names, as a request takes them. */
export function settingsJson(video: VideoObject): string {
  const { task: _task, ...settings } = settingsOfVideo(video)
  return JSON.stringify(settings, null, 2)
}
