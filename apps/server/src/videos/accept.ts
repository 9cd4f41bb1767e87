// The way of a wish into the queue: is it the same request again, what does it start from, is its prompt allowed, what does it
// come to, is there room. Cheap questions first: an upload is decoded when nothing else stands against it.

import type { Identity } from '../accounts/identity.ts'
import { ServerError } from '../errors.ts'
import type { Job } from '../queue/take.ts'
import type { Services } from '../services.ts'
import { ownVideo } from '../watch/own-video.ts'
import { type Accepted, admit } from './admit.ts'
import { refusal } from './bounds.ts'
import { firstVideo, namedRequest } from './idempotency.ts'
import { findModel } from './models.ts'
import { moderate } from './moderation.ts'
import { checkRoom } from './quota.ts'
import { resolveRequest } from './resolve.ts'
import { digestOfFile, earlierVideo, type FoundSource, sameSource, taskOf, uploadedVideo } from './source.ts'
import { changedWish, type RequestWish, type VideoWish } from './wish.ts'

interface AcceptOptions {
  readonly idempotencyKey?: string | undefined
  /** Of a client that went away: its upload is not decoded any more. */
  readonly signal?: AbortSignal | undefined
}

/** Takes a video into the queue, or answers the one that the same key made before. Throws ServerError. */
export async function acceptVideo(services: Services, identity: Identity, wish: VideoWish, options: AcceptOptions = {}): Promise<Accepted> {
  const { db, config } = services
  const { userId, name, scopes } = identity
  const { idempotencyKey, signal } = options
  if (wish.priority !== undefined && !scopes.has('admin'))
    throw new ServerError('only administrators give priorities: leave it out', { status: 403, code: 'not_allowed', param: 'priority' })
  const digest = wish.input && 'file' in wish.input ? await digestOfFile(wish.input.file) : undefined
  const named = idempotencyKey === undefined ? undefined : namedRequest(idempotencyKey, { ...wish, ...(digest && { input: { digest } }) })
  const first = named && (await firstVideo(db, userId, named))
  if (first) return { job: first, repeated: true }

  const original = wish.remixOf === undefined ? undefined : await ownVideo(services, identity, wish.remixOf)
  const model = await findModel(services, wish.model ?? original?.model)
  const { prompt = '', negative_prompt = original?.request.negative_prompt ?? '' } = wish
  await moderate({ prompt, negative_prompt, model: model.name, user: name }, config)
  await checkRoom(db, config, userId, 0)
  const found = original ? sourceOfRemix(original) : await sourceOf(services, identity, wish, digest, signal)
  const request = resolveRequest(requestWish(wish, original, found), model, config)
  const admission = { model: model.name, request, priority: wish.priority ?? 0, remixedFrom: original?.id ?? null, found, named }
  return admit(services, identity, admission)
}

function requestWish(wish: VideoWish, original: Job | undefined, found: FoundSource | undefined): RequestWish {
  const { model: _model, input: _input, remixOf: _remixOf, priority: _priority, ...values } = wish
  if (original) return changedWish(original.request, values)
  return { ...values, task: taskOf(wish, found?.source), source: found?.source }
}

async function sourceOf(
  services: Services,
  identity: Identity,
  { task, input }: VideoWish,
  digest: string | undefined,
  signal: AbortSignal | undefined,
): Promise<FoundSource | undefined> {
  if (task === 'generate') return undefined
  const param = task === 'refer' ? 'input_reference' : 'video'
  if (!input) throw refusal('give the video to start from: a file, or {"id": "video_..."} of an earlier one', param)
  if ('id' in input) return earlierVideo(services, identity, input.id, param)
  return uploadedVideo(services, input.file, digest!, param, signal)
}

function sourceOfRemix(original: Job): FoundSource | undefined {
  const { source } = changedWish(original.request, {})
  return source && sameSource(original, source)
}
