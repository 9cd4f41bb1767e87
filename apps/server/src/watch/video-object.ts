// A video as the API shows it: the 13 keys of OpenAI's object, and Kinora's own beside them (the effective values, and
// how far it is).

import { z } from 'zod'
import type { Job } from '../queue/take.ts'

export const videoObject = z
  .object({
    id: z.string(),
    object: z.literal('video'),
    model: z.string(),
    status: z.enum(['queued', 'in_progress', 'completed', 'failed']).describe('a cancelled video has failed, with the code `cancelled`'),
    progress: z.int().min(0).max(100).describe('never falls; 100 only when the bytes can be read'),
    created_at: z.int().describe('seconds since 1970, as all times'),
    completed_at: z.int().nullable(),
    expires_at: z.int().nullable(),
    prompt: z.string().nullable(),
    size: z.string().describe('WIDTHxHEIGHT'),
    seconds: z.string(),
    remixed_from_video_id: z.string().nullable(),
    error: z.object({ code: z.string(), message: z.string() }).nullable(),
    task: z.enum(['generate', 'edit', 'extend']),
    negative_prompt: z.string(),
    num_frames: z.int(),
    fps: z.number(),
    num_inference_steps: z.int(),
    guidance_scale: z.number(),
    seed: z.int(),
    width: z.int(),
    height: z.int(),
    strength: z.number().optional(),
    scheduler: z.string().optional(),
    lora: z.array(z.object({ name: z.string(), scale: z.number() })).optional(),
    overlap: z.int().optional().describe('frames of the input that a continued video was made from'),
    input_frames: z.int().optional().describe('of the input; a continued video has them and `num_frames`'),
    queue_position: z.int().nullable().describe('1 is next; null when it does not wait, or its user paused'),
    phase: z.string().nullable().describe('what is being done, and the next two: how far that is'),
    step: z.int().nullable(),
    total_steps: z.int().nullable(),
    seconds_left: z.number().nullable().describe('estimated'),
    warnings: z.array(z.string()),
    starred: z.boolean(),
  })
  .meta({ id: 'Video' })

export type VideoObject = z.infer<typeof videoObject>

export const videoList = z.object({
  object: z.literal('list'),
  data: z.array(videoObject),
  first_id: z.string().nullable(),
  last_id: z.string().nullable(),
  has_more: z.boolean(),
})

/** Of paths that name a video. */
export const videoParams = z.object({ id: z.string().min(1).max(100) })

/** `position`: of a waiting video in the queue. */
export function toVideoObject(job: Job, position?: number): VideoObject {
  const { input: _input, lora, ...request } = job.request
  const progress = job.status === 'in_progress' ? job.progress : null
  return {
    id: job.id,
    object: 'video',
    model: job.model,
    status: job.status === 'cancelled' ? 'failed' : job.status,
    progress: percentOf(job),
    created_at: seconds(job.createdAt),
    completed_at: job.completedAt && seconds(job.completedAt),
    expires_at: job.expiresAt && seconds(job.expiresAt),
    size: `${request.width}x${request.height}`,
    seconds: secondsOf(job.request),
    remixed_from_video_id: job.remixedFrom,
    error: errorOf(job),
    ...request,
    ...(lora && { lora: lora.map(({ name, scale }) => ({ name, scale })) }),
    queue_position: (job.status === 'queued' && position) || null,
    phase: progress?.phase ?? null,
    step: progress?.step ?? null,
    total_steps: progress?.total ?? null,
    seconds_left: progress?.secondsLeft ?? null,
    warnings: job.warnings,
    starred: job.starred,
  }
}

/** Of the whole result. */
function secondsOf({ task, num_frames: frames, input_frames: before = 0, fps }: Job['request']): string {
  return String(Number(((task === 'extend' ? before + frames : frames) / fps).toFixed(3)))
}

/** 100 says that the bytes are there. */
export function percentOf({ status, progress }: Job): number {
  return status === 'completed' ? 100 : Math.min(99, Math.max(0, Math.floor(progress?.percent ?? 0)))
}

/** Of a video that will not come; null while it may. */
export function errorOf({ status, errorCode, errorMessage }: Job): VideoObject['error'] {
  if (status === 'cancelled') return { code: 'cancelled', message: 'the video was cancelled' }
  return status === 'failed' ? { code: errorCode ?? 'failed', message: errorMessage ?? 'the video could not be made' } : null
}

function seconds(time: Date): number {
  return Math.floor(time.getTime() / 1000)
}
