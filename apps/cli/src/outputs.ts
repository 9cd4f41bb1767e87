// Names of the files that a run writes, settled and checked before anything is generated: each video
// its own files, no two the same, none that exists already (unless forced), all in writable places.

import { readdir, stat } from 'node:fs/promises'
import { basename, dirname, extname, join, resolve } from 'node:path'
import type { OutputForm } from 'kinora'
import { checkWritable, outputForm } from 'kinora'
import { UsageError } from './errors.ts'

const SLUG_LENGTH = 40
/** What a saved folder of frames holds; see the library's media/staging. */
const FRAME_FILE = /^(frame_\d{4,}\.png|kinora\.json)$/

/** What a name may be made of. */
export interface OutputItem {
  /** From 1. */
  readonly number: number
  readonly prompt: string
  readonly seed: number | string
}

export interface PlannedFile {
  readonly path: string
  readonly form: OutputForm
  /** It is there already, and would be replaced. */
  readonly exists: boolean
}

/**
 * Path of an item for a pattern with {n}, {slug} and {seed}. A run of several videos puts the number and the slug before
 * the extension of a pattern that has none of them.
 */
export function outputPath(pattern: string, item: OutputItem, several: boolean): string {
  const fields = { n: String(item.number).padStart(4, '0'), slug: slug(item.prompt), seed: String(item.seed) }
  if (/\{(n|slug|seed)\}/.test(pattern)) return pattern.replaceAll(/\{(n|slug|seed)\}/g, (_, name: keyof typeof fields) => fields[name])
  if (!several) return pattern
  const suffix = `-${fields.n}-${fields.slug}`
  if (outputForm(pattern) === 'png') return `${pattern.replace(/[/\\]+$/, '')}${suffix}/`
  const extension = extname(pattern)
  return join(dirname(pattern), `${basename(pattern, extension)}${suffix}${extension}`)
}

/** The prompt as part of a file name: letters and digits of any language, words joined by hyphens. */
export function slug(prompt: string): string {
  const words =
    prompt
      .normalize('NFC')
      .toLowerCase()
      .match(/[\p{L}\p{M}\p{N}]+/gu) ?? []
  let text = ''
  for (const word of words) {
    const longer = text === '' ? Array.from(word).slice(0, SLUG_LENGTH).join('') : `${text}-${word}`
    if (longer.length > SLUG_LENGTH && text !== '') break
    text = longer
  }
  return text === '' ? 'video' : text
}

/** The files of every item, in order. Throws UsageError (an unknown form, a name used twice, a file that exists) or MediaError (cannot be written). */
export async function planOutputs(items: readonly OutputItem[], patterns: readonly string[], force: boolean): Promise<PlannedFile[][]> {
  const taken = new Set<string>()
  const plans: PlannedFile[][] = []
  for (const item of items) {
    const files: PlannedFile[] = []
    for (const pattern of patterns) {
      const path = outputPath(pattern, item, items.length > 1)
      if (taken.has(resolve(path)))
        throw new UsageError(`${path} would be written twice`, 'give each video a name of its own: -o takes {n}, {slug} and {seed}')
      taken.add(resolve(path))
      files.push(await planFile(path, force))
    }
    plans.push(files)
  }
  return plans
}

async function planFile(path: string, force: boolean): Promise<PlannedFile> {
  const form = outputForm(path)
  await checkWritable(path)
  const exists = await isThere(path)
  if (exists && !force) throw new UsageError(`${path} exists already`, 'choose another name, or add --force to replace it')
  return { path, form, exists }
}

/** A file, or a folder that holds the frames of an earlier video; other folders are written into. */
async function isThere(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined)
  if (!found?.isDirectory()) return found !== undefined
  return (await readdir(path)).some((name) => FRAME_FILE.test(name))
}
