// Runs the programs `ffmpeg` and `ffprobe` to their end. Arguments are passed as a list, never through
// a shell. It knows nothing of what they do.

import { type ChildProcess, spawn } from 'node:child_process'
import { MediaError } from '../errors.ts'
import { BackendMissing } from './backend.ts'
import { collectChunks, ending } from './process.node.ts'

const MAX_REPORT_BYTES = 32 << 20

/** What a program prints. */
export async function report(program: string, args: readonly string[], signal?: AbortSignal): Promise<string> {
  const read = (child: ChildProcess) => collectChunks(child.stdout!, MAX_REPORT_BYTES, `${program} prints without end`)
  return Buffer.concat(await runProgram(program, args, read, signal)).toString('utf8')
}

/** Runs a program while `transfer` serves its pipes. Throws BackendMissing when it cannot be started. */
export async function runProgram<T>(
  program: string,
  args: readonly string[],
  transfer: (child: ChildProcess) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  signal?.throwIfAborted()
  // A group of its own: Ctrl-C is the caller's to handle. It ends with the caller, when its stdin closes.
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'], detached: process.platform !== 'win32', windowsHide: true })
  child.stdin.on('error', () => {})
  const moving = transfer(child)
  moving.catch(() => child.kill('SIGKILL'))
  const { ok, words } = await ending(child, signal).catch((cause: unknown) => {
    throw new BackendMissing(`${program} cannot be started: is it on PATH? (${cause instanceof Error ? cause.message : String(cause)})`, {
      cause,
    })
  })
  signal?.throwIfAborted()
  const result = await moving
  if (!ok) throw new MediaError(`${program} ${words}`)
  return result
}
