// The prompts of a run: the one on the command line, or the lines of a batch file.

import { readFile, stat } from 'node:fs/promises'
import { UsageError } from './errors.ts'

/** Tens of thousands of prompts; a larger file is some other kind of file. */
const MAX_BATCH_BYTES = 10 * 2 ** 20

/** Throws UsageError when there is no prompt, or more than one way to take it. */
export async function readPrompts(words: readonly string[], batchFile: string | undefined): Promise<string[]> {
  if (batchFile !== undefined) {
    if (words.length > 0) throw new UsageError('give either a prompt or --batch-file, not both')
    return readBatchFile(batchFile)
  }
  if (words.length === 0)
    throw new UsageError('what should the video show? Give a prompt', 'for example: kinora generate "a red circle moving left"')
  if (words.length > 1)
    throw new UsageError(
      `the prompt is ${words.length} words of the command line; put quotes around it`,
      `for example: kinora generate "${words.join(' ')}"`,
    )
  return [words[0]!]
}

/** The one video that embeddings make. Throws UsageError when a prompt is given as well. */
export function noPrompt(words: readonly string[]): [undefined] {
  if (words.length > 0) throw new UsageError('give either a prompt or --prompt-embeds, not both')
  return [undefined]
}

/** One prompt a line; blank lines and lines that start with # are skipped. */
async function readBatchFile(path: string): Promise<string[]> {
  const prompts = (await readText(path))
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
  if (prompts.length === 0) throw new UsageError(`the batch file ${path} holds no prompt; write one a line`)
  return prompts
}

async function readText(path: string): Promise<string> {
  try {
    const { size } = await stat(path)
    if (size > MAX_BATCH_BYTES) throw new Error(`it has ${size} bytes, at most ${MAX_BATCH_BYTES} are read`)
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path))
  } catch (cause) {
    throw new UsageError(`cannot read the batch file ${path}: ${reason(cause)}`, 'it must be a text file (UTF-8) with one prompt a line', {
      cause,
    })
  }
}

function reason(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  if (code === 'ENOENT') return 'there is no such file'
  if (code === 'EISDIR') return 'it is a folder'
  if (code === 'EACCES') return 'no permission'
  if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return 'it is not UTF-8 text'
  return cause instanceof Error ? cause.message : String(cause)
}
