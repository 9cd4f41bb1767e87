// The modules that a model really has, from its own tensors, and finding one by an adapter's spelling of
// it. Dots and underscores count as the same, since kohya's names have underscores only; the model's list
// says where the dots are.

import type { Checkpoint } from '../checkpoint.ts'
import { modelScopeUNetKeys } from '../keys/modelscope-unet.ts'
import type { WeightEntry } from '../weights.ts'
import type { LoraComponent } from './lora.ts'

export const LORA_COMPONENTS: readonly LoraComponent[] = ['unet', 'text_encoder']

interface FoundModule {
  readonly component: LoraComponent
  /** As the model has it: `down_blocks.0.attentions.0.proj_in`. */
  readonly module: string
}

export interface ModelModules {
  /** Every tensor of a component by name. */
  readonly entries: Readonly<Record<LoraComponent, ReadonlyMap<string, WeightEntry>>>
  /** All modules that the spelling can mean: none, one, or several when it is ambiguous. */
  find(spelling: string, component: LoraComponent | undefined): FoundModule[]
}

export function modelModules(checkpoint: Checkpoint): ModelModules {
  const entries = {
    unet: checkpoint.weights('unet').entries(),
    text_encoder: checkpoint.weights('text_encoder').entries(),
  }
  const index = { unet: moduleIndex(entries.unet), text_encoder: moduleIndex(entries.text_encoder) }
  const original = modelScopeUNetKeys(resnetsPerBlock(entries.unet))
  const lookUp = (spelling: string, component: LoraComponent): FoundModule[] => {
    const key = plain(spelling)
    const modules = index[component].get(component === 'text_encoder' ? key.replace(/^text_model_/, '') : key)
    return (modules ?? []).map((module) => ({ component, module }))
  }
  return {
    entries,
    find: (spelling, component) => {
      const found = LORA_COMPONENTS.flatMap((each) => (component === undefined || component === each ? lookUp(spelling, each) : []))
      if (found.length > 0 || component === 'text_encoder') return found
      const renamed = original(`${spelling}.weight`, [])
      return renamed && 'name' in renamed ? lookUp(renamed.name.replace(/\.weight$/, ''), 'unet') : []
    },
  }
}

/** Spelling with underscores only -> the modules it can mean. */
function moduleIndex(entries: ReadonlyMap<string, WeightEntry>): Map<string, string[]> {
  const index = new Map<string, string[]>()
  for (const name of entries.keys()) {
    if (!name.endsWith('.weight')) continue
    const module = name.slice(0, -'.weight'.length)
    const key = plain(module)
    index.set(key, [...(index.get(key) ?? []), module])
  }
  return index
}

function plain(spelling: string): string {
  return spelling.replaceAll('.', '_')
}

/** How the original code counts blocks depends on it. */
function resnetsPerBlock(unet: ReadonlyMap<string, WeightEntry>): number {
  let count = 0
  while (unet.has(`down_blocks.0.resnets.${count}.conv1.weight`)) count++
  return count
}
