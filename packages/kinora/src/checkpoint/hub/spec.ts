// What a user may write to name a model: `owner/name`, `owner/name@revision`, `owner/name/subfolder`, both, or the name of
// a preset. Text only: whether a local folder of that name exists, which always wins, is looked up in locate.node.ts.

import { ArgumentError } from '../../errors.ts'
import { presetNamed } from '../presets.ts'
import { isSafePath } from './repo-files.ts'

export interface ModelSpec {
  /** `owner/name` at the hub. */
  readonly repo: string
  /** Branch, tag, commit or `refs/pr/N`. */
  readonly revision: string
  /** Folder, or single file of a LoRA, inside the repository; '' is all of it. */
  readonly subfolder: string
}

export interface SpecOptions {
  /** Instead of `@revision` in the text; needed for a branch whose name has a slash and for nothing else. */
  revision?: string
  /** Instead of `/subfolder` in the text. */
  subfolder?: string
}

/** One half of a repository's name: letters, digits and `-_.`, the first and last of them a letter, a digit or `_`. */
const NAME = /^\w(?:[\w.-]{0,94}\w)?$/
/** `refs/pr/34` is the one usual revision with slashes. */
const AFTER_AT = /^(refs\/(?:pr|convert)\/[^/]+|[^/]+)(?:\/(.+))?$/
const FORM =
  'write owner/name, owner/name@revision or owner/name/subfolder as on huggingface.co, or the path of a file or folder that exists'

/** Reads a model's name. Throws ArgumentError when it has another form. */
export function parseModelSpec(spec: string, options: SpecOptions = {}): ModelSpec {
  const at = spec.indexOf('@')
  const [owner = '', name, ...rest] = expandPreset(at < 0 ? spec : spec.slice(0, at)).split('/')
  const after = at < 0 ? undefined : spec.slice(at + 1)
  // Behind a subfolder all of the rest is the revision, so that it may have slashes.
  const [, revision, subfolder] = after === undefined || rest.length > 0 ? ['', after] : (AFTER_AT.exec(after) ?? ['', ''])
  if (!isRepoPart(owner) || !isRepoPart(name ?? '')) throw new ArgumentError(`'${spec}' names no model: ${FORM}`)
  const parsed = {
    repo: `${owner}/${name}`,
    revision: oneOf(spec, 'revision', revision, options.revision) ?? 'main',
    subfolder: oneOf(spec, 'subfolder', rest.join('/') || subfolder, options.subfolder) ?? '',
  }
  if (!isSafePath(parsed.revision)) throw new ArgumentError(`'${spec}' has the revision '${parsed.revision}', which cannot be one: ${FORM}`)
  if (parsed.subfolder !== '' && !isSafePath(parsed.subfolder))
    throw new ArgumentError(`'${spec}' has the subfolder '${parsed.subfolder}', which is no path inside a repository: ${FORM}`)
  return parsed
}

/** The spec as it could be written, for messages. */
export function showSpec({ repo, revision, subfolder }: ModelSpec): string {
  return `${repo}${subfolder === '' ? '' : `/${subfolder}`}${revision === 'main' ? '' : `@${revision}`}`
}

function expandPreset(text: string): string {
  if (text.includes('/')) return text
  const preset = presetNamed(text)
  const repo = preset?.repos[0]
  if (!preset || repo === undefined) return text
  return preset.subfolder === undefined ? repo : `${repo}/${preset.subfolder}`
}

function isRepoPart(part: string): boolean {
  return NAME.test(part) && !part.includes('--') && !part.includes('..') && !part.endsWith('.git')
}

function oneOf(spec: string, what: string, written: string | undefined, option: string | undefined): string | undefined {
  if (written !== undefined && option !== undefined && written !== option)
    throw new ArgumentError(`'${spec}' has the ${what} '${written}', and the option ${what} says '${option}': give one of them`)
  return written ?? option
}
