// Which files of a repository a model needs, from its listing alone: one weight encoding per component, and none of the
// other frameworks' files, samples or second layouts that lie beside them. The layouts are diffusers' folders, ModelScope's
// original four files, and adapters.

import { CheckpointError } from '../../errors.ts'
import { COMPONENT_NAMES, COMPONENTS } from '../components.ts'
import { MODEL_INDEX } from '../diffusers-folder.ts'
import { ORIGINAL_NAMES } from '../modelscope-configuration.ts'
import { listing as shorten } from '../weight-files.ts'
import { chooseAdapter, chooseAdapterFile } from './choose-adapter.ts'
import { chooseModelScope } from './choose-modelscope.ts'
import { chooseWeights, variantsIn, type WeightWish } from './choose-weights.ts'
import { filesIn, find, folderOf, inside, nameOf, type Place, required, topNames } from './place.ts'
import type { FileEntry } from './repo-files.ts'

export interface ChooseOptions extends WeightWish {
  /** Folder of the repository to look in, or one adapter file of it. Default '', its root. */
  subfolder?: string
  /** How messages name the repository. */
  source?: string
}

export interface FileChoice<F extends FileEntry> {
  readonly layout: 'diffusers' | 'modelscope' | 'lora'
  /** What to open, relative to the repository: its root '', a folder, or the one file of a LoRA. */
  readonly entry: string
  readonly files: readonly F[]
  /** Of the weights, to be asked of their reader too; absent when all are plain. */
  readonly variant?: string
  /** Files of the ModelScope layout that the repository has in no form. */
  readonly missing: readonly string[]
}

/** Throws CheckpointError when there is no model in that place, or one that lacks files. */
export function chooseFiles<F extends FileEntry>(listing: readonly F[], options: ChooseOptions = {}): FileChoice<F> {
  const { subfolder = '', source = 'the repository' } = options
  const file = listing.find(({ path }) => path === subfolder)
  if (file) return chooseAdapterFile({ listing, folder: folderOf(subfolder), shown: source }, file)
  if (subfolder !== '' && !listing.some(({ path }) => path.startsWith(`${subfolder}/`)))
    throw new CheckpointError(`${source} has no ${subfolder}: it has ${topNames(listing)}`)
  const place: Place<F> = { listing, folder: subfolder, shown: subfolder === '' ? source : `${subfolder} of ${source}` }
  return chooseDiffusers(place, options) ?? chooseAdapter(place) ?? chooseModelScope(place, options) ?? nothing(place)
}

function chooseDiffusers<F extends FileEntry>(place: Place<F>, wish: WeightWish): FileChoice<F> | undefined {
  const index = find(place, MODEL_INDEX)
  if (!index) return undefined
  const weights = COMPONENT_NAMES.map((name) => weightsOf(place, name, wish))
  const { variant } = wish
  if (variant !== undefined && weights.every((chosen) => chosen.variant !== variant)) throw noVariant(place, variant)
  const configs = ['scheduler/scheduler_config.json', ...COMPONENT_NAMES.map((name) => `${name}/config.json`)]
  const used = weights.find((chosen) => chosen.variant !== '')?.variant
  return {
    layout: 'diffusers',
    entry: place.folder,
    files: [index, ...configs.map((name) => required(place, name)), ...tokenizerFiles(place), ...weights.flatMap(({ files }) => files)],
    missing: [],
    ...(used === undefined ? {} : { variant: used }),
  }
}

function weightsOf<F extends FileEntry>(place: Place<F>, name: keyof typeof COMPONENTS, wish: WeightWish) {
  const folder = inside(place, name)
  const chosen = chooseWeights(place.listing, folder, COMPONENTS[name].stem, wish)
  if (chosen) return chosen
  const there = shorten(filesIn({ ...place, folder }).map(({ path }) => nameOf(path)))
  throw new CheckpointError(`${place.shown} has no complete weights in ${name}/: there is ${there}`)
}

/** All of them are small; Python's readers look for more of them than ours. */
function tokenizerFiles<F extends FileEntry>(place: Place<F>): F[] {
  const folder = { ...place, folder: inside(place, 'tokenizer') }
  if (!find(folder, 'tokenizer.json') && !(find(folder, 'vocab.json') && find(folder, 'merges.txt')))
    throw new CheckpointError(
      `${place.shown} has no complete tokenizer: looked for vocab.json and merges.txt, or tokenizer.json, in tokenizer/`,
    )
  return filesIn(folder)
    .filter(({ path }) => /\.(?:json|txt)$/.test(path))
    .sort((a, b) => (a.path < b.path ? -1 : 1))
}

function noVariant<F extends FileEntry>(place: Place<F>, variant: string): CheckpointError {
  const there = COMPONENT_NAMES.flatMap((name) => variantsIn(place.listing, inside(place, name), COMPONENTS[name].stem))
  const hint = there.length === 0 ? 'it has plain files only, so leave variant out' : `it has ${[...new Set(there)].join(', ')}`
  return new CheckpointError(`${place.shown} has no variant ${variant}: ${hint}`)
}

function nothing<F extends FileEntry>(place: Place<F>): never {
  const models = place.listing.filter(({ path }) => [MODEL_INDEX, ORIGINAL_NAMES.unet].includes(nameOf(path)))
  const folders = [...new Set(models.map(({ path }) => folderOf(path)))]
  const hint = folders.length === 0 ? '' : `; it has models in ${shorten(folders)}: name one as owner/name/FOLDER`
  throw new CheckpointError(`${place.shown} holds no text-to-video model and no adapter: there is ${topNames(place.listing)}${hint}`)
}
