// One component's folder in diffusers' layout: config.json and weights. A checkpoint of another layout may
// hold such folders too, whole or with the config.json alone.

import { CheckpointError } from '../errors.ts'
import type { Component } from './checkpoint.ts'
import { COMPONENTS } from './components.ts'
import { type CheckpointFiles, shownPath } from './files.ts'
import { excerpt, type JsonObject, parseJsonObject, standardJson } from './json.ts'
import { readWeightEntries, type WeightEntries } from './weight-entries.ts'
import { chooseWeightFile, findWeightFiles, listing } from './weight-files.ts'

/** A component as it was read: its config.json, or what stands for it, and where its tensors lie. */
export interface Part {
  readonly config: JsonObject
  readonly entries: WeightEntries
}

/** Throws CheckpointError for what is missing, damaged or of another class. */
export async function readComponentFolder(files: CheckpointFiles, component: Component, variant: string | undefined): Promise<Part> {
  const config = await readComponentConfig(files, component)
  const { stem, keys } = COMPONENTS[component]
  const file = chooseWeightFile(files, await findWeightFiles(files, component, stem), variant)
  const entries = await readWeightEntries(files, file, keys)
  if (component === 'unet' && entries.has('input_blocks.0.0.weight'))
    throw new CheckpointError(
      `${shownPath(files, file.path)} has the original release's tensor names, which no ${component}/ folder of diffusers has: ` +
        `put the file into ${files.root} itself and name it`,
    )
  return { config, entries }
}

/** Whether the folder holds both config and weights. */
export async function hasComponentFolder(files: CheckpointFiles, component: Component): Promise<boolean> {
  if (!(await files.exists(`${component}/config.json`))) return false
  return (await findWeightFiles(files, component, COMPONENTS[component].stem)).found.length > 0
}

/** The part with its folder's config.json, where there is one, over what was inferred. */
export async function withComponentConfig(files: CheckpointFiles, component: Component, part: Part): Promise<Part> {
  if (!(await files.exists(`${component}/config.json`))) return part
  return { ...part, config: { ...part.config, ...(await readComponentConfig(files, component)) } }
}

async function readComponentConfig(files: CheckpointFiles, component: Component): Promise<JsonObject> {
  const config = await readJson(files, `${component}/config.json`)
  const { className } = COMPONENTS[component]
  const given = config._class_name
  if (given !== undefined && given !== className) throw wrongClass(files, component, given, className)
  return config
}

/** Throws CheckpointError saying what lies in the folder when the file is missing. */
export async function readJson(files: CheckpointFiles, path: string): Promise<JsonObject> {
  const folder = path.slice(0, Math.max(0, path.lastIndexOf('/')))
  if (!(await files.exists(path)))
    throw new CheckpointError(
      `${shownPath(files, path)} is missing; in ${shownPath(files, folder)} there is ${listing(await files.list(folder))}`,
    )
  return parseJsonObject(standardJson(await files.readText(path)), shownPath(files, path))
}

export function wrongClass(files: CheckpointFiles, name: string, className: unknown, accepted: string): CheckpointError {
  return new CheckpointError(`the ${name} of ${files.root} is a ${excerpt(className)}; Kinora reads ${accepted}`)
}
