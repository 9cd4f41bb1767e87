// What the gallery shows. examples.json and the files under public/examples are made by scripts/make-examples.ts.

import type { ModelObject } from '../api/types.ts'
import type { Settings } from '../settings/settings.ts'
import list from './examples.json'

export interface Example {
  /** Addresses below the application's base. */
  readonly video: string
  readonly poster: string
  /** All that the video was made with, but for the model. */
  readonly settings: Omit<Settings, 'task' | 'model'>
}

export const EXAMPLES: readonly Example[] = list

/** For models that know the world; what the family's own pages show, and things it does well: one subject, one movement. */
export const PROMPTS = [
  'An astronaut riding a horse',
  'Spiderman is surfing',
  'A panda eating bamboo on a rock',
  'A golden retriever running along a beach at sunset',
  'Clouds drifting over snowy mountains, time lapse',
  'A sailing boat on a stormy sea, oil painting',
  'Fireworks over a city at night',
  'A cup of coffee with rising steam, close-up',
] as const

/** The bundled one, under whatever name the service offers it; its workers announce it by this title. */
export function demoModelOf(models: readonly ModelObject[]): ModelObject | undefined {
  return models.find(({ title }) => title === 'Kinora demo')
}
