// Which form a path asks for, and whether it can be written at all: both are cheap and meant to be
// asked before an hour of generating. Nothing is encoded here.

import { randomUUID } from 'node:crypto'
import { statSync } from 'node:fs'
import { open, rm, stat } from 'node:fs/promises'
import { basename, dirname, extname, join, resolve } from 'node:path'
import { ArgumentError, MediaError } from '../errors.ts'
import { explainWriteError } from './failure.node.ts'
import type { PictureForm } from './job.ts'

/** What a video can be saved as. */
export type OutputForm = PictureForm | 'safetensors'

const EXTENSIONS: readonly OutputForm[] = ['mp4', 'webm', 'gif', 'webp', 'safetensors']

/**
 * Form of a video path: by its extension (any case), or a folder of PNG frames when it ends with a
 * slash or names an existing folder. Throws ArgumentError, listing the known endings, for any other.
 */
export function outputForm(path: string): OutputForm {
  if (path.trim() === '' || path.includes('\0')) throw new ArgumentError(`${JSON.stringify(path)} is not a file name`)
  if (/[/\\]$/.test(path)) return 'png'
  const extension = extname(path).slice(1).toLowerCase()
  const form = EXTENSIONS.find((known) => known === extension)
  if (form) return form
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return 'png'
  throw new ArgumentError(
    `cannot tell the form of ${path}: end it with ${EXTENSIONS.map((known) => `.${known}`).join(', ')}, or with / for a folder of PNG frames`,
  )
}

/**
 * Checks that `saveVideo` could write this path now, by making and removing a small file beside it.
 * Throws ArgumentError (unknown form, a folder where a file must go or the reverse) or MediaError
 * (parent missing or not writable).
 */
export async function checkWritable(path: string): Promise<void> {
  const form = outputForm(path)
  const target = await stat(resolve(path)).catch(() => undefined)
  if (form !== 'png' && target?.isDirectory()) throw new ArgumentError(`${path} is a folder: give the name of a file in it`)
  if (form === 'png' && target && !target.isDirectory()) throw new ArgumentError(`${path} is a file: frames go into a folder`)
  const parent = form === 'png' && target ? resolve(path) : dirname(resolve(path))
  const parentStat = await stat(parent).catch(() => undefined)
  if (!parentStat?.isDirectory()) throw new MediaError(`cannot write ${basename(path)}: the folder ${parent} does not exist`)
  const trial = join(parent, `.kinora.${randomUUID().slice(0, 8)}.tmp`)
  try {
    await (await open(trial, 'wx')).close()
  } catch (cause) {
    throw await explainWriteError(cause, path)
  } finally {
    await rm(trial, { force: true }).catch(() => {})
  }
}
