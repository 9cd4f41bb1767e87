// The files of a model in ModelScope's original layout: UNet, text encoder and autoencoder under fixed names, and the
// configuration.json that names them. Zeroscope's such folders lie inside a larger model and take from it what they lack, as its
// file or as its component folder; the reader (modelscope-folder.ts) looks in the same order.

import type { Component } from '../checkpoint.ts'
import { COMPONENTS } from '../components.ts'
import { CONFIGURATION, ORIGINAL_NAMES } from '../modelscope-configuration.ts'
import type { FileChoice } from './choose-files.ts'
import { chooseWeights, type WeightWish } from './choose-weights.ts'
import { filesIn, find, folderOf, inside, type Place } from './place.ts'
import type { FileEntry } from './repo-files.ts'

/** Undefined when the folder has no UNet of that layout. */
export function chooseModelScope<F extends FileEntry>(place: Place<F>, wish: WeightWish): FileChoice<F> | undefined {
  const unet = find(place, ORIGINAL_NAMES.unet)
  if (!unet) return undefined
  const places = place.folder === '' ? [place] : [place, { ...place, folder: folderOf(place.folder) }]
  const parts = (['text_encoder', 'vae'] as const).map((name) => ({ name, part: first(places, (one) => partIn(one, name, wish)) }))
  const configuration = find(place, CONFIGURATION)
  const scheduler = first(places, (one) => find(one, 'scheduler/scheduler_config.json'))
  const variant = parts.find(({ part }) => part !== undefined && part.variant !== '')?.part?.variant
  return {
    layout: 'modelscope',
    entry: place.folder,
    files: [
      ...(configuration ? [configuration] : []),
      unet,
      ...parts.flatMap(({ part }) => part?.files ?? []),
      ...(scheduler ? [scheduler] : []),
      ...(first(places, tokenizerIn) ?? []),
    ],
    missing: parts.filter(({ part }) => part === undefined).map(({ name }) => ORIGINAL_NAMES[name]),
    ...(variant === undefined ? {} : { variant }),
  }
}

function partIn<F extends FileEntry>(
  place: Place<F>,
  name: Component,
  wish: WeightWish,
): { files: readonly F[]; variant: string } | undefined {
  const file = find(place, ORIGINAL_NAMES[name])
  if (file) return { files: [file], variant: '' }
  const config = find(place, `${name}/config.json`)
  const weights = chooseWeights(place.listing, inside(place, name), COMPONENTS[name].stem, wish)
  return config && weights && { files: [config, ...weights.files], variant: weights.variant }
}

function tokenizerIn<F extends FileEntry>(place: Place<F>): F[] | undefined {
  const files = filesIn({ ...place, folder: inside(place, 'tokenizer') })
  return files.length === 0 ? undefined : files
}

function first<P, T>(places: readonly P[], look: (place: P) => T | undefined): T | undefined {
  for (const place of places) {
    const found = look(place)
    if (found !== undefined) return found
  }
  return undefined
}
