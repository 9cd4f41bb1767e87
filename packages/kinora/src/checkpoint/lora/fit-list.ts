// Finds the layers that an adapter's nameless list of pairs belongs to: it tries which set of target modules
// has as many layers as the list has pairs, and fits every shape. A wrong order fails by its shapes.

import { CheckpointError } from '../../errors.ts'
import type { LowRankDelta } from '../weights.ts'
import { fitPair } from './fit.ts'
import type { ListedChanges, LoraComponent, LoraPair } from './lora.ts'
import { LORA_COMPONENTS, type ModelModules } from './modules.ts'
import { BLOCK_ORDERS, registeredModules, TARGET_PATHS } from './registration-order.ts'

/** What lists of unknown origin were made for: T2V-Turbo, MotionDirector, and the defaults of cloneofsimo's and ExponentialML's trainers. */
const USUAL_TARGETS: Readonly<Record<LoraComponent, readonly (readonly string[])[]>> = {
  unet: [
    ['UNet3DConditionModel'],
    ['TransformerTemporalModel'],
    ['Transformer2DModel'],
    ['Attention', 'GEGLU'],
    ['ResnetBlock2D', 'Attention', 'GEGLU'],
  ],
  text_encoder: [['CLIPEncoderLayer'], ['CLIPAttention']],
}

/** A layer of the guidance embedding that the published UNet does not have; T2V-Turbo's list holds a pair for it. */
const COND_PROJ = 'time_embedding.cond_proj'

export interface FittedList {
  readonly component: LoraComponent
  readonly targets: readonly string[]
  /** Module -> its delta for a scale of 1. */
  readonly deltas: ReadonlyMap<string, LowRankDelta>
}

interface Candidate {
  readonly component: LoraComponent
  readonly targets: readonly string[]
  readonly modules: readonly string[]
}

/** Throws CheckpointError when the list fits no set of target modules, or several. */
export function fitList(list: ListedChanges, source: string, model: ModelModules): FittedList {
  const tried = candidates(list, model)
  const fits = tried.flatMap((candidate) => {
    const deltas = fitAll(list.pairs, candidate, model)
    return deltas ? [{ component: candidate.component, targets: candidate.targets, deltas }] : []
  })
  const distinct = fits.filter((fit, i) => fits.findIndex((other) => other.component === fit.component && sameModules(other, fit)) === i)
  const [first, second] = distinct
  if (!first) throw new CheckpointError(explainMisfit(list, source, tried, model))
  if (second)
    throw new CheckpointError(
      `${source} fits both ${first.targets.join(' + ')} and ${second.targets.join(' + ')}; a list has no names to decide, convert it to safetensors with names`,
    )
  return first
}

function candidates(list: ListedChanges, model: ModelModules): Candidate[] {
  const components = list.component === undefined ? LORA_COMPONENTS : [list.component]
  return components.flatMap((component) => {
    const sets = list.targets === undefined ? USUAL_TARGETS[component] : [list.targets]
    return sets.flatMap((targets) =>
      BLOCK_ORDERS.map((order) => {
        const paths = targets.map((name) => TARGET_PATHS[name]!)
        return { component, targets, modules: registeredModules(model.entries[component], paths, order) }
      }),
    )
  })
}

function fitAll(pairs: readonly LoraPair[], { component, modules }: Candidate, model: ModelModules): Map<string, LowRankDelta> | undefined {
  if (modules.length !== pairs.length) return undefined
  const deltas = new Map<string, LowRankDelta>()
  for (const [i, module] of modules.entries()) {
    const name = `${module}.weight`
    const delta = fitPair(pairs[i]!, name, model.entries[component].get(name)!, 1, 'cloneofsimo')
    if (!delta) return undefined
    deltas.set(module, delta)
  }
  return deltas
}

function sameModules(a: FittedList, b: FittedList): boolean {
  const [first, second] = [[...a.deltas.keys()], [...b.deltas.keys()]]
  return first.length === second.length && first.every((module, i) => module === second[i])
}

/** Names the missing guidance embedding where that is all; else the pair that ends the best attempt, or the counts. */
function explainMisfit(list: ListedChanges, source: string, tried: readonly Candidate[], model: ModelModules): string {
  const { pairs } = list
  const withoutGuidance = tried.find(({ component, modules }) => {
    const place = modules.indexOf('time_embedding.linear_2')
    if (component !== 'unet' || place < 0 || modules.includes(COND_PROJ)) return false
    const rest = pairs.toSpliced(place, 1)
    return fitAll(rest, { component, targets: [], modules }, model) !== undefined
  })
  if (withoutGuidance)
    return `${source} has a pair for ${COND_PROJ}, the guidance embedding of a distilled model, and this UNet has none (time_cond_proj_dim is null)`
  const counts = [...new Set(tried.map(({ targets, modules }) => `${targets.join(' + ')} has ${modules.length}`))].join(', ')
  const near = tried.find(({ modules }) => modules.length === pairs.length)
  if (!near) return `${source} is a list of ${pairs.length} pairs, and no part of this model has as many layers: ${counts}`
  const at = near.modules.findIndex((module, i) => {
    const name = `${module}.weight`
    return !fitPair(pairs[i]!, name, model.entries[near.component].get(name)!, 1, 'cloneofsimo')
  })
  const { up, down } = pairs[at]!
  const weight = model.entries[near.component].get(`${near.modules[at]}.weight`)!
  return (
    `${source}: pair ${at} of ${pairs.length}, up [${up.shape.join(', ')}] and down [${down.shape.join(', ')}], does not fit ` +
    `${near.modules[at]} [${weight.shape.join(', ')}]: the adapter was made for another model`
  )
}
