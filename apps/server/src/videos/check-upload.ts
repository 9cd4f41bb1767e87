// Decodes an uploaded file wholly, before anything else trusts it, in a process of its own (apart.ts).

import path from 'node:path'
import { z } from 'zod'
import type { Config } from '../config/config.ts'
import { ServerError } from '../errors.ts'
import { inFolder, runApart } from './apart.ts'
import { limiter } from './limiter.ts'

export interface Upload {
  readonly frames: number
  readonly width: number
  readonly height: number
  readonly fps: number
  /** What was done to show it as it is meant, in sentences for the user. */
  readonly notes: readonly string[]
}

/** Of a process that reads what anybody may have made, so it is not believed either. */
const answer = z.union([
  z.object({
    frames: z.int().min(1).max(10_000),
    width: z.int().min(1).max(65_536),
    height: z.int().min(1).max(65_536),
    fps: z.number().positive().max(100_000),
    notes: z.array(z.string().max(500)).max(20),
  }),
  z.object({ failure: z.string() }),
])

const MOST_REASON = 300
const oneOfFew = limiter(2)

/** What the file holds. Throws ServerError for one that is no whole video or picture, or takes too much to decode. */
export function checkUpload(file: string, config: Config, signal?: AbortSignal): Promise<Upload> {
  return oneOfFew(() => decodeApart(file, config, signal), signal)
}

async function decodeApart(file: string, config: Config, signal: AbortSignal | undefined): Promise<Upload> {
  const { uploadFrames: maxFrames, uploadSeconds: seconds, uploadMemory: memory } = config.limits
  const limits = { seconds, memory }
  const message = { path: path.resolve(file), maxFrames }
  const beyond = (what: string) => refused(`the upload takes more than ${what} to decode: make it shorter or smaller`)
  const said = await inFolder(config, 'check', (folder) => runApart(folder, { entry: 'upload-child', message, limits, signal, beyond }))
  const { data } = answer.safeParse(said)
  if (data && 'frames' in data) return data
  throw refused(`the upload cannot be read as a video or a picture${reasonOf(data?.failure ?? '')}`)
}

/** In one line: words of codecs may quote the file. */
function reasonOf(failure: string): string {
  const line = failure.replace(/[\p{C}\s]+/gu, ' ').trim()
  return line === '' ? '' : `: ${line.slice(0, MOST_REASON)}`
}

function refused(message: string): ServerError {
  return new ServerError(message, { status: 400, code: 'invalid_upload' })
}
