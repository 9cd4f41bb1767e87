// Settings from elsewhere, made to fit this service: the model under the name that it has here, nothing that is not here. A
// file names a model as the hub does, or as the machine did where it was made.

import type { Capabilities, ModelObject } from '../api/types.ts'
import type { Settings } from './settings.ts'

export interface Fitted {
  readonly settings: Settings
  /** Names of models, adapters and schedulers that are not here. */
  readonly missing: readonly string[]
}

/** What files call the bundled model, and the name that services give it. */
const DEMO = { inFiles: '@kinora/demo-model', here: 'demo' } as const

export function fitSettings(settings: Settings, models: readonly ModelObject[], { default_model, schedulers }: Capabilities): Fitted {
  const wanted = settings.model
  const found = wanted === undefined ? undefined : findModel(wanted, models)
  const model = found ?? models.find(({ id }) => id === default_model)
  const known = settings.lora?.filter(({ name }) => model?.loras.includes(name)) ?? []
  const { scheduler } = settings
  const hasScheduler = scheduler !== undefined && schedulers.includes(scheduler)
  return {
    settings: {
      ...settings,
      model: found?.id,
      scheduler: hasScheduler ? scheduler : undefined,
      lora: known.length > 0 ? known : undefined,
    },
    missing: [
      ...(wanted !== undefined && !found ? [wanted] : []),
      ...(settings.lora?.filter((lora) => !known.includes(lora)).map(({ name }) => name) ?? []),
      ...(scheduler !== undefined && !hasScheduler ? [scheduler] : []),
    ],
  }
}

/** By its name here, else by the last part of the hub's. */
function findModel(name: string, models: readonly ModelObject[]): ModelObject | undefined {
  const short = name === DEMO.inFiles ? DEMO.here : lastPart(name)
  return models.find(({ id }) => id === name) ?? models.find(({ id }) => lastPart(id) === short)
}

/** Without owner and revision. */
function lastPart(name: string): string {
  return (
    name
      .replace(/(?!^)@.*$/, '')
      .split('/')
      .at(-1) ?? name
  ).toLowerCase()
}
