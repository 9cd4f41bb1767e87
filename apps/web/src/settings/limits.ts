// What a form may offer, read from the service's capabilities: bounds and defaults of each number, sizes in the shapes that
// people ask for, the size that a request comes to.

import type { Capabilities, ModelObject } from '../api/types.ts'
import type { Settings } from './settings.ts'

export type ModelCapabilities = Capabilities['models'][number]
export type Field = ModelCapabilities['fields'][number]
export type NumberName =
  | 'width'
  | 'height'
  | 'num_frames'
  | 'fps'
  | 'num_inference_steps'
  | 'guidance_scale'
  | 'seed'
  | 'strength'
  | 'overlap'

export interface Size {
  readonly width: number
  readonly height: number
}

export type Shape = 'square' | 'landscape' | 'portrait'

export interface SizePreset extends Size {
  readonly shape: Shape
  /** The size that the model makes when it is not told. */
  readonly own: boolean
}

const WIDE = 16 / 9

/** Of the chosen model, or of the default one; undefined where the service has no such model. */
export function modelOf({ models, default_model }: Capabilities, name?: string): ModelCapabilities | undefined {
  return models.find(({ id }) => id === (name ?? default_model))
}

/** Bounds and defaults of a number; undefined where the chosen model is unknown. */
export function fieldOf(capabilities: Capabilities, model: string | undefined, name: NumberName): Field | undefined {
  return modelOf(capabilities, model)?.fields.find((field) => field.name === name)
}

/** What stands where the form is silent. */
export function defaultOf(capabilities: Capabilities, settings: Settings, name: NumberName): number | undefined {
  return fieldOf(capabilities, settings.model, name)?.default[settings.task]
}

export function takes(capabilities: Capabilities, { model, task }: Settings, name: NumberName): boolean {
  return fieldOf(capabilities, model, name)?.tasks.includes(task) ?? false
}

/** The frames that the model learnt from: with more of them it may lose the thread. */
export function trainedFrames(models: readonly ModelObject[], model: string): number | undefined {
  return models.find(({ id }) => id === model)?.defaults.num_frames
}

/** The model's own size first in its shape, the others with about as many pixels. Empty where the model is unknown. */
export function sizePresets(capabilities: Capabilities, model: string | undefined): SizePreset[] {
  const [width, height] = [fieldOf(capabilities, model, 'width'), fieldOf(capabilities, model, 'height')]
  const own = { width: width?.default.generate ?? 0, height: height?.default.generate ?? 0 }
  const multiple = width?.least ?? 0
  if (own.width === 0 || own.height === 0 || multiple === 0) return []
  const { width: w, height: h } = own
  const ratio = w === h ? WIDE : Math.max(w / h, h / w)
  const area = Math.min(w * h, capabilities.limits.pixels)
  const shapes: readonly (readonly [Shape, number])[] = [
    ['square', 1],
    ['landscape', ratio],
    ['portrait', 1 / ratio],
  ]
  return shapes.map(([shape, of]) =>
    shape === shapeOf(own)
      ? { ...own, shape, own: true }
      : { ...fitted(area, of, multiple, capabilities.limits.pixels), shape, own: false },
  )
}

function shapeOf({ width, height }: Size): Shape {
  if (width === height) return 'square'
  return width > height ? 'landscape' : 'portrait'
}

/** As many pixels as asked for in the shape, of sides that the model can make. */
function fitted(area: number, ratio: number, multiple: number, most: number): Size {
  const side = (pixels: number, round: (value: number) => number) => Math.max(multiple, round(pixels / multiple) * multiple)
  const [width, height] = [Math.sqrt(area * ratio), Math.sqrt(area / ratio)]
  const size = { width: side(width, Math.round), height: side(height, Math.round) }
  return size.width * size.height <= most ? size : { width: side(width, Math.floor), height: side(height, Math.floor) }
}

/** Width and height as they would be asked for; undefined where a source decides them. */
export function sizeOf(capabilities: Capabilities, settings: Settings): Size | undefined {
  const width = settings.width ?? defaultOf(capabilities, settings, 'width')
  const height = settings.height ?? defaultOf(capabilities, settings, 'height')
  return width === undefined || height === undefined ? undefined : { width, height }
}
