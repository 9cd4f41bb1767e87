// Which checkpoint answers: what -m names, or the bundled demo model. The demo model is small and was
// trained for its own settings, so it brings defaults; the library knows those of published models.

import { existsSync } from 'node:fs'
import { basename, resolve } from 'node:path'
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
  const { checkpoint, defaults } = await demoModel()
  return { name: DEMO, source: checkpoint, defaults }
}

/** The demo model's package. Throws Failure when it is not installed. */
export async function demoModel(): Promise<typeof import('@kinora/demo-model')> {
  try {
    return await import('@kinora/demo-model')
  } catch (cause) {
    throw new Failure(`the demo model (${DEMO}) is not installed`, `npm install ${DEMO}, or name a checkpoint with -m`, { cause })
  }
}
