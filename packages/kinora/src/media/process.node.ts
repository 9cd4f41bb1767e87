// Keeps a child process on a short lead: its last words are remembered, an abort kills it, frames
// go into its stdin no faster than it takes them, and its stdout is bounded. Used for the encoder
// child and for ffmpeg alike; it knows neither.

import type { ChildProcess } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'
import { MediaError } from '../errors.ts'

const LAST_WORDS = 4096

export interface Ending {
  /** True for exit code 0. */
  readonly ok: boolean
  /** How it ended and the tail of its stderr, for a message. */
  readonly words: string
}

/** Resolves when the process has ended and its pipes are closed; rejects when it could not start. */
export async function ending(child: ChildProcess, signal?: AbortSignal): Promise<Ending> {
  let tail = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    tail = (tail + text).slice(-LAST_WORDS)
  })
  const kill = () => child.kill('SIGKILL')
  signal?.addEventListener('abort', kill)
  if (signal?.aborted) kill()
  try {
    return await new Promise<Ending>((resolve, reject) => {
      child.once('error', reject)
      child.once('close', (code, killedBy) => {
        const how = killedBy ? `was ended by ${killedBy}` : `ended with code ${code}`
        const said = tail.trim()
        resolve({ ok: code === 0, words: said ? `${how}: ${said}` : how })
      })
    })
  } finally {
    signal?.removeEventListener('abort', kill)
  }
}

/**
 * Writes all frames, one at a time, then ends the stream. Stops quietly when the reader is gone:
 * the process's own ending tells why.
 */
export async function feed(stream: Writable, frames: Iterable<Uint8Array>): Promise<void> {
  let gone = false
  stream.on('error', () => {
    gone = true
  })
  for (const frame of frames) {
    if (gone || stream.destroyed) return
    await new Promise<void>((resolve) => {
      stream.once('close', resolve)
      stream.write(frame, () => {
        stream.removeListener('close', resolve)
        resolve()
      })
    })
  }
  if (!stream.destroyed) stream.end()
}

/** Collects a stream of at most `limit` bytes; a longer one is destroyed and rejected with MediaError. */
export async function collectChunks(stream: Readable, limit: number, tooLong: string): Promise<Buffer[]> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > limit) throw new MediaError(tooLong)
    chunks.push(chunk)
  }
  return chunks
}
