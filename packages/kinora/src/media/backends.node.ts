// The programs that can encode and decode, and the choice between them: node-av when it loads, else
// the `ffmpeg` found on PATH. GIF, WebP and single pictures always go through sharp.

import { ArgumentError, MediaError } from '../errors.ts'
import { type Backend, BackendMissing, type BackendName } from './backend.ts'
import { nodeAvBackend, sharpBackend } from './child.node.ts'
import { ffmpegBackend } from './ffmpeg.node.ts'
import type { PictureForm, SourceForm } from './job.ts'

export type BackendChoice = 'auto' | 'node-av' | 'ffmpeg'

/** A program that writes and reads video, and whether it runs here. */
export interface BackendReport {
  readonly name: BackendName
  readonly version: string
  readonly available: boolean
  readonly reason?: string
}

const VIDEO_BACKENDS: readonly Backend[] = [nodeAvBackend, ffmpegBackend]

/** Every backend with its version, or why it cannot run here. */
export async function mediaBackends(): Promise<BackendReport[]> {
  return Promise.all(
    [...VIDEO_BACKENDS, sharpBackend].map(async (backend): Promise<BackendReport> => {
      try {
        return { name: backend.name, version: await backend.version(), available: true }
      } catch (error) {
        return { name: backend.name, version: '', available: false, reason: error instanceof Error ? error.message : String(error) }
      }
    }),
  )
}

/** Backends to try for a form, in order. Throws ArgumentError for an unknown choice. */
export function backendsFor(form: PictureForm | SourceForm, choice: BackendChoice): readonly Backend[] {
  if (choice !== 'auto' && choice !== 'node-av' && choice !== 'ffmpeg') {
    throw new ArgumentError(`backend ${JSON.stringify(choice)} is unknown: use 'auto', 'node-av' or 'ffmpeg'`)
  }
  if (form !== 'mp4' && form !== 'webm' && form !== 'video') return [sharpBackend]
  return choice === 'auto' ? VIDEO_BACKENDS : VIDEO_BACKENDS.filter(({ name }) => name === choice)
}

/** Runs `use` with the first backend that is there. Throws MediaError, naming the ways to get one, when none is. */
export async function withBackend<T>(backends: readonly Backend[], use: (backend: Backend) => Promise<T>): Promise<T> {
  const missing: Error[] = []
  for (const backend of backends) {
    try {
      return await use(backend)
    } catch (error) {
      if (!(error instanceof BackendMissing)) throw error
      missing.push(error)
    }
  }
  const hint = backends.includes(sharpBackend) ? 'Install it: npm install sharp' : 'Install one: npm install node-av, or ffmpeg on PATH'
  const reasons = missing.map(({ message }) => message).join('; ')
  throw new MediaError(`no program for this form can run here: ${reasons}. ${hint}`, {
    cause: missing[0],
  })
}
