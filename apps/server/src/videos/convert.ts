// A finished video in another form, made when it is first asked for and then one of its files like the others: kept, counted
// and removed with them. One at a time; who asks for what is being made already waits for that.

import { createWriteStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { and, eq, sql } from 'drizzle-orm'
import { z } from 'zod'
import { videos } from '../db/schema.ts'
import type { StoredFile } from '../db/values.ts'
import { ServerError } from '../errors.ts'
import { announce } from '../queue/channel.ts'
import type { Job } from '../queue/take.ts'
import { nameFiles } from '../retention/keys.ts'
import { removeBytes } from '../retention/remove-bytes.ts'
import type { Services } from '../services.ts'
import { storageKey } from '../storage/storage.ts'
import { inFolder, runApart } from './apart.ts'
import { expired } from './finished.ts'
import { limiter } from './limiter.ts'
import { shared } from './shared.ts'
import { digestOfFile, framesOf } from './source.ts'

/** Variants that are made of the video, with their media types. */
export const CONVERSIONS = { webm: 'video/webm', gif: 'image/gif' } as const
export type Conversion = keyof typeof CONVERSIONS

const answer = z.union([z.object({ done: z.literal(true) }), z.object({ failure: z.string() })])

/** The video is our own, so these are for the case that something is wrong. */
const MOST_SECONDS = 600
const PROCESS_BYTES = 2 ** 29
/** Three colours: as they are read, in one piece, and as floats. */
const BYTES_PER_PIXEL = 3 * (1 + 1 + 4)

const oneAtATime = limiter(1)
const inWork = shared<StoredFile>()

/** `source`: the job's video. Throws ServerError when it cannot be made, or the video is gone; then nothing is left of it. */
export function convertVideo(
  services: Services,
  { job, source, form }: { readonly job: Job; readonly source: StoredFile; readonly form: Conversion },
  signal: AbortSignal,
): Promise<StoredFile> {
  const make = (wanted: AbortSignal) =>
    oneAtATime(() => inFolder(services.config, 'convert', (folder) => convertIn(folder, services, { job, source, form }, wanted)), wanted)
  return inWork(`${source.key} ${job.id} ${form}`, make, signal)
}

async function convertIn(
  folder: string,
  services: Services,
  { job, source, form }: { job: Job; source: StoredFile; form: Conversion },
  signal: AbortSignal,
): Promise<StoredFile> {
  const { storage, config } = services
  const [from, to] = [path.join(folder, `video${path.extname(source.key)}`), path.join(folder, `video.${form}`)]
  const bytes = await storage.get(source.key)
  if (!bytes) throw expired(`the video ${job.id}`)
  await pipeline(bytes, createWriteStream(from, { mode: 0o600 }), { signal })
  const message = { from, to, fps: job.request.fps }
  const beyond = (what: string) => cannot(form, `it takes more than ${what}`)
  const limits = { seconds: MOST_SECONDS, memory: Math.max(config.limits.uploadMemory, memoryFor(job)) }
  const said = await runApart(folder, { entry: 'convert-child', message, limits, signal, beyond })
  const { data } = answer.safeParse(said)
  if (!data || 'failure' in data) throw cannot(form, 'its process failed', new Error(data?.failure ?? 'it ended without a word'))
  const digest = await digestOfFile(to)
  const key = storageKey(digest, form)
  signal.throwIfAborted()
  return keep(services, {
    job,
    source,
    form,
    file: to,
    stored: { key, bytes: (await stat(to)).size, mediaType: CONVERSIONS[form], digest },
  })
}

interface Made {
  readonly job: Job
  readonly source: StoredFile
  readonly form: Conversion
  readonly file: string
  readonly stored: StoredFile
}

/** Bytes first, row second; where the row has gone meanwhile, the bytes go as well. */
async function keep(services: Services, { job, source, form, file, stored }: Made): Promise<StoredFile> {
  const { db, storage, hub } = services
  const { key, mediaType } = stored
  const same = and(eq(videos.id, job.id), sql`${videos.files} -> 'video' ->> 'key' = ${source.key}`)
  const files = sql`${videos.files} || ${JSON.stringify({ [form]: stored })}::jsonb`
  await storage.put(key, file, mediaType)
  const rows = await nameFiles({ db, storage }, [{ key, path: file, mediaType }], (tx) =>
    tx.update(videos).set({ files }).where(same).returning({ id: videos.id }),
  )
  if (rows.length === 0) {
    await removeBytes(services, [key])
    throw expired(`the video ${job.id}`)
  }
  await announce(db, job.id)
  hub.changed(job.id)
  return stored
}

function memoryFor(job: Job): number {
  return PROCESS_BYTES + framesOf(job) * job.request.width * job.request.height * BYTES_PER_PIXEL
}

function cannot(form: Conversion, why: string, cause?: Error): ServerError {
  return new ServerError(`this video cannot be made into ${form}: ${why}; take the mp4`, {
    status: 409,
    code: 'conversion_failed',
    param: 'variant',
    ...(cause && { cause }),
  })
}
