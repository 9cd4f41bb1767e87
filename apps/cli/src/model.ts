// Which checkpoint answers: the folder that -m names, or the bundled demo model. The demo model is
// small and was trained for its own settings, so it brings defaults; every other checkpoint takes
// the library's, which are the reference's.

import { readFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Failure } from './errors.ts'

/** Defaults that a checkpoint brings, by the library's names. */
interface ModelDefaults {
  readonly numFrames?: number
  readonly numInferenceSteps?: number
  readonly guidanceScale?: number
  readonly fps?: number
}

export interface ModelChoice {
  /** For messages and metadata; no path of this machine. */
  readonly name: string
  readonly folder: string
  readonly defaults: ModelDefaults
}

const DEMO = '@kinora/demo-model'

export async function chooseModel(folder: string | undefined): Promise<ModelChoice> {
  if (folder !== undefined) return { name: basename(resolve(folder)), folder, defaults: {} }
  return { name: DEMO, folder: demoPath('checkpoint'), defaults: (await readDemoJson<ModelDefaults>('defaults.json')) ?? {} }
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
    throw new Failure(`the demo model (${DEMO}) is not installed`, `npm install ${DEMO}, or name a checkpoint folder with -m`, { cause })
  }
}
