// Turns the many ways in which writing a file fails (errno codes of Node, FFmpeg's numbers, the
// words of a child process) into one MediaError whose sentence names the path and the way out.

import { statfs } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { ArgumentError, MediaError } from '../errors.ts'
import { BackendMissing } from './backend.ts'

const NEARLY_FULL = 256 * 1024

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full; free some space or choose another folder',
  EDQUOT: 'the disk quota is used up; free some space or choose another folder',
  EFBIG: 'the file grew over the size that the system allows',
  EACCES: 'no permission to write there; choose another folder',
  EPERM: 'no permission to write there; choose another folder',
  EROFS: 'the file system is read-only; choose another folder',
  ENAMETOOLONG: 'the name is too long',
}

/**
 * A MediaError for a failed write to `path`; an ArgumentError or BackendMissing passes unchanged. To be
 * asked before the unfinished file is removed: what is left of the disk is part of the answer.
 */
export async function explainWriteError(cause: unknown, path: string): Promise<Error> {
  if (cause instanceof ArgumentError || cause instanceof BackendMissing) return cause
  const words = cause instanceof Error ? cause.message : String(cause)
  const code = codeOf(cause) ?? codeInWords(words) ?? ((await isNearlyFull(path)) ? 'ENOSPC' : undefined)
  const reason = code === undefined ? undefined : REASONS[code]
  if (reason !== undefined) return new MediaError(`cannot write ${path}: ${reason}`, { cause })
  return cause instanceof MediaError ? cause : new MediaError(`cannot write ${path}: ${words}`, { cause })
}

function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined
  if ('code' in error && typeof error.code === 'string' && error.code in REASONS) return error.code
  return codeOf(error.cause)
}

function codeInWords(words: string): string | undefined {
  if (/no space left|ENOSPC/i.test(words)) return 'ENOSPC'
  if (/file too large|SIGXFSZ/i.test(words)) return 'EFBIG'
  if (/permission denied/i.test(words)) return 'EACCES'
  return undefined
}

async function isNearlyFull(path: string): Promise<boolean> {
  const disk = await statfs(dirname(resolve(path))).catch(() => undefined)
  // File systems without blocks of their own, such as /proc, are not full.
  return disk !== undefined && disk.blocks > 0 && disk.bavail * disk.bsize < NEARLY_FULL
}
