// Which checkpoint answers: what -m names, or the bundled demo model. The demo model is small and was
// trained for its own settings, so it brings defaults; the library knows those of published models.

import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Defaults } from 'kinora'
import { Failure } from './errors.ts'

export interface ModelChoice {
  /** For messages and metadata; no path of this machine. */
  readonly name: string
  /** A folder, or a model of the hub. */
  readonly source: string
  /** Defaults that the checkpoint brings, by the library's names. */
  readonly defaults: Partial<Defaults>
}

/** owner/name, as opposed to a folder of this machine. */
function isHubName(model: string): boolean {
  return /^[\w.-]+\/[\w.-]+(@[\w./-]+)?$/.test(model) && !model.startsWith('.') && !existsSync(model)
}

const DEMO = '@kinora/demo-model'

export async function chooseModel(model: string | undefined): Promise<ModelChoice> {
  if (model !== undefined) return { name: isHubName(model) ? model : basename(resolve(model)), source: model, defaults: {} }
  return { name: DEMO, source: demoPath('checkpoint'), defaults: (await readDemoJson<Partial<Defaults>>('defaults.json')) ?? {} }
}

/** A JSON file of the demo model's package; undefined when it has none of that name. */
export async function readDemoJson<T>(name: string): Promise<T | undefined> {
  try {
    return JSON.parse(await readFile(demoPath(name), 'utf8')) as T
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

/** Path of a file or folder in the demo model's package. Throws Failure when the package is not installed. */
function demoPath(name: string): string {
  try {
    return join(dirname(fileURLToPath(import.meta.resolve('@kinora/demo-model/package.json'))), name)
  } catch (cause) {
    throw new Failure(`the demo model (${DEMO}) is not installed`, `npm install ${DEMO}, or name a checkpoint with -m`, { cause })
  }
}
