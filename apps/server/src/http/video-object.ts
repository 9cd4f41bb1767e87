// A video as the API shows it: the 13 keys of OpenAI's object, and Kinora's own beside them (the effective values).

import { z } from 'zod'
import type { Job } from '../queue/take.ts'

export const videoObject = z.object({
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
})

export type VideoObject = z.infer<typeof videoObject>

export function toVideoObject(job: Job): VideoObject {
  const { task: _task, input: _input, lora: _lora, ...request } = job.request
  return {
    id: job.id,
    object: 'video',
    model: job.model,
    status: job.status === 'cancelled' ? 'failed' : job.status,
    progress: job.status === 'completed' ? 100 : Math.min(99, Math.floor(job.progress?.percent ?? 0)),
    created_at: seconds(job.createdAt),
    completed_at: job.completedAt && seconds(job.completedAt),
    expires_at: job.expiresAt && seconds(job.expiresAt),
    size: `${request.width}x${request.height}`,
    seconds: String(Number((request.num_frames / request.fps).toFixed(3))),
    remixed_from_video_id: job.remixedFrom,
    error: errorOf(job),
    ...request,
  }
}

function errorOf({ status, errorCode, errorMessage }: Job): VideoObject['error'] {
  if (status === 'cancelled') return { code: 'cancelled', message: 'the video was cancelled' }
  return status === 'failed' ? { code: errorCode ?? 'failed', message: errorMessage ?? 'the video could not be made' } : null
}

function seconds(time: Date): number {
  return Math.floor(time.getTime() / 1000)
}
