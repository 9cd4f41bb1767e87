// What a user is told of a job that failed: a code for programs and a sentence without paths of this machine. The log has the rest.

import { ArgumentError, CheckpointError, EngineError, MediaError, UnsupportedConfigError } from 'kinora'
import { ServerError } from '../errors.ts'

export interface Failure {
  readonly code: string
  readonly message: string
}

export function failureOf(error: unknown): Failure {
  if (error instanceof ServerError) return { code: error.code, message: error.message }
  // Of values and their ranges; a MediaError may name a file.
  if (error instanceof ArgumentError) return { code: 'invalid_request', message: plain(error.message) }
  if (error instanceof EngineError)
    return { code: 'engine_failed', message: 'the process that computes ended or failed; fewer frames or a smaller size take less memory' }
  if (error instanceof CheckpointError || error instanceof UnsupportedConfigError)
    return { code: 'model_failed', message: "the model or an adapter could not be opened; the service's log says why" }
  if (error instanceof MediaError) return { code: 'media_failed', message: 'the video could not be written' }
  return { code: 'internal_error', message: "something went wrong that should not; the service's log says what" }
}

/** PostgreSQL's text holds no zero character. */
function plain(text: string): string {
  return text.replaceAll('\0', '').slice(0, 1000)
}
