// Which card of sizes stands for the settings' width and height, and what choosing a card sets.

import type { Capabilities } from '../../api/types.ts'
import { type Shape, type SizePreset, sizePresets } from '../../settings/limits.ts'
import type { Settings } from '../../settings/settings.ts'

/** `source`: that of the video to change. */
export type SizeChoice = Shape | 'source' | 'custom'

export interface SizeCard {
  readonly choice: SizeChoice
  readonly size?: SizePreset | undefined
}

export function sizeCards(capabilities: Capabilities, { model, task }: Settings): SizeCard[] {
  const presets: readonly SizeCard[] = sizePresets(capabilities, model).map((size) => ({ choice: size.shape, size }))
  return [...(task === 'edit' ? [{ choice: 'source' } as const] : []), ...presets, { choice: 'custom' }]
}

export function chosenSize(cards: readonly SizeCard[], { width, height, task }: Settings): SizeChoice {
  if (width === undefined && height === undefined)
    return task === 'edit' ? 'source' : (cards.find(({ size }) => size?.own)?.choice ?? 'custom')
  return cards.find(({ size }) => size?.width === width && size?.height === height)?.choice ?? 'custom'
}

/** The model's own size is left to it. */
export function settingsOfCard({ choice, size }: SizeCard, task: Settings['task']): Pick<Settings, 'width' | 'height'> {
  const isLeft = choice === 'source' || !size || (size.own && task === 'generate')
  return isLeft ? { width: undefined, height: undefined } : { width: size.width, height: size.height }
}
