// Brings adapters and a checkpoint together: every name is matched with the model's own modules and every
// shape is checked, then the checkpoint's weights carry the adapters as deltas. Nothing is computed here:
// models/nn/weight.ts merges, when a model is built.

import { ArgumentError, CheckpointError } from '../../errors.ts'
import type { Checkpoint } from '../checkpoint.ts'
import { excerpt } from '../json.ts'
import { type WeightDelta, type WeightEntry, Weights } from '../weights.ts'
import { fitDense, fitPair } from './fit.ts'
import { fitList } from './fit-list.ts'
import type { Lora, LoraComponent, NamedChange } from './lora.ts'
import { LORA_COMPONENTS, type ModelModules, modelModules } from './modules.ts'

export interface AppliedLora {
  readonly lora: Lora
  /** Any finite number: 1 is the adapter as trained, 0 leaves it out, below 0 turns it round. Default 1. */
  readonly scale?: number
}

type Deltas = Readonly<Record<LoraComponent, Map<string, WeightDelta[]>>>

/**
 * The checkpoint with adapters added: W + scale * alpha / rank * up x down for each. Throws ArgumentError for a scale that is no finite
 * number, CheckpointError when a name has no module in this model, or a shape does not fit it.
 */
export function applyLoras(checkpoint: Checkpoint, loras: readonly AppliedLora[]): Checkpoint {
  const model = modelModules(checkpoint)
  const deltas: Deltas = { unet: new Map(), text_encoder: new Map() }
  for (const { lora, scale = 1 } of loras) {
    if (!Number.isFinite(Math.fround(scale)))
      throw new ArgumentError(`the scale of ${lora.source} is ${scale}; it must be a finite number, such as 0.8`)
    addNamed(deltas, lora, scale, model)
    addListed(deltas, lora, scale, model)
  }
  const entries = new Map(
    LORA_COMPONENTS.map((component) => [component as string, withDeltas(model.entries[component], deltas[component])]),
  )
  return {
    ...checkpoint,
    weights: (component) => {
      const own = entries.get(component)
      return own ? Weights.from(own) : checkpoint.weights(component)
    },
  }
}

function withDeltas(entries: ReadonlyMap<string, WeightEntry>, deltas: ReadonlyMap<string, WeightDelta[]>): Map<string, WeightEntry> {
  return new Map(
    [...entries].map(([name, entry]) => {
      const added = deltas.get(name)
      return [name, added ? { ...entry, deltas: [...(entry.deltas ?? []), ...added] } : entry]
    }),
  )
}

function addNamed(deltas: Deltas, lora: Lora, scale: number, model: ModelModules): void {
  const unknown: string[] = []
  const owners = new Map<string, string>()
  for (const change of lora.named) {
    const found = model.find(change.module, change.component)
    const spelled = fileName(change)
    if (found.length > 1)
      throw new CheckpointError(
        `${lora.source}: ${excerpt(spelled)} can mean ${found.map(({ module }) => module).join(' and ')} of this model`,
      )
    const [{ component, module } = { component: 'unet' as const, module: '' }] = found
    const name = `${module}.${change.tensor}`
    const weight = model.entries[component].get(name)
    if (!weight) {
      unknown.push(spelled)
      continue
    }
    const owner = owners.get(`${component} ${name}`)
    if (owner !== undefined) throw new CheckpointError(`${lora.source}: ${excerpt(owner)} and ${excerpt(spelled)} are both for ${name}`)
    owners.set(`${component} ${name}`, spelled)
    add(deltas[component], name, namedDelta(lora, change, name, weight, scale))
  }
  if (unknown.length > 0) throw new CheckpointError(explainUnknown(lora, unknown))
}

function namedDelta(lora: Lora, { change, scale: own }: NamedChange, name: string, weight: WeightEntry, scale: number): WeightDelta {
  const total = scale * own
  if ('dense' in change) {
    const delta = fitDense(change.dense, change.whole, weight, total)
    if (delta) return delta
    throw misfit(lora, name, weight, `${excerpt(change.dense.nameInFile)} is ${shapeText(change.dense)}`)
  }
  const delta = fitPair(change, name, weight, total, lora.format)
  if (delta) return delta
  const { up, down } = change
  throw misfit(lora, name, weight, `its up matrix is ${shapeText(up)} and its down matrix ${shapeText(down)}`)
}

function addListed(deltas: Deltas, lora: Lora, scale: number, model: ModelModules): void {
  for (const list of lora.listed) {
    const fitted = fitList(list, lora.source, model)
    for (const [module, delta] of fitted.deltas) add(deltas[fitted.component], `${module}.weight`, { ...delta, scale: scale * delta.scale })
  }
}

/** An adapter at scale 0 is checked like any other, but costs nothing. */
function add(deltas: Map<string, WeightDelta[]>, name: string, delta: WeightDelta): void {
  if (!Number.isFinite(Math.fround(delta.scale)))
    throw new CheckpointError(`${name} would be changed by ${delta.scale} times its adapter: choose a smaller scale`)
  if (delta.scale === 0) return
  deltas.set(name, [...(deltas.get(name) ?? []), delta])
}

function misfit(lora: Lora, name: string, weight: WeightEntry, what: string): CheckpointError {
  return new CheckpointError(`${lora.source} does not fit ${name} ${shapeText(weight)}: ${what}; it was made for another model`)
}

function explainUnknown(lora: Lora, unknown: readonly string[]): string {
  const more = unknown.length > 3 ? ` and ${unknown.length - 3} more` : ''
  return (
    `${lora.source} is for modules that this model does not have, ${unknown.length} of its ${lora.named.length}: ` +
    `${unknown.slice(0, 3).map(excerpt).join(', ')}${more}; it was made for another model`
  )
}

function fileName({ change }: NamedChange): string {
  return ('up' in change ? change.up.nameInFile : change.dense.nameInFile) ?? ''
}

function shapeText({ shape }: WeightEntry): string {
  return `[${shape.join(', ')}]`
}
