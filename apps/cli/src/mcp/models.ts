// The models that an assistant may choose: the demo model, those that the command line names, and what is on this machine. It
// causes no download that nobody asked for.

import { cachedModels, findPreset, PRESETS, type Preset } from 'kinora'
import { UsageError } from '../errors.ts'
import { chooseModel } from '../model.ts'

export interface OfferedModel {
  readonly name: string
  /** For chooseModel; undefined is the demo model. */
  readonly source: string | undefined
  readonly preset: Preset | undefined
}

export const DEMO = 'demo'

/** The default first. */
export async function offeredModels(named: readonly string[] = []): Promise<OfferedModel[]> {
  const models = new Map<string, OfferedModel>()
  const offer = (name: string, source: string | undefined, preset: Preset | undefined) => {
    if (!models.has(name)) models.set(name, { name, source, preset })
  }
  for (const source of named) offer((await chooseModel(source)).name, source, findPreset(source))
  offer(DEMO, undefined, undefined)
  for (const { repo, presets, unfinished, revisions } of await cachedModels()) {
    const known = PRESETS.filter(({ name }) => presets.includes(name))
    if (unfinished > 0 || revisions.length === 0 || known.some(({ kind }) => kind === 'lora')) continue
    const [preset] = known
    offer(preset?.name ?? repo, preset?.name ?? repo, preset)
  }
  return [...models.values()]
}

/** The default without a name. Throws UsageError for one that is not offered. */
export function pickModel(models: readonly OfferedModel[], name: string | undefined): OfferedModel {
  const found = name === undefined ? models[0] : models.find((model) => model.name === name)
  if (found) return found
  const known = name !== undefined && findPreset(name)
  throw new UsageError(
    `there is no model ${JSON.stringify(name)} here: take one of ${models.map((model) => model.name).join(', ')}`,
    known ? `its owner can fetch it with: kinora models pull ${known.name}` : undefined,
  )
}

/** Published models that are not offered, with how to get them. */
export function absentModels(models: readonly OfferedModel[]): Preset[] {
  return PRESETS.filter(
    ({ kind, name, repos }) =>
      kind === 'model' && !models.some((model) => model.name === name || model.preset?.name === name || repos.includes(model.name)),
  )
}
