// Models on disk as ONNX Runtime runs them: constants folded, weights in the layout of this CPU, mapped when they
// are loaded. One folder for each model, weights and machine; it appears whole, under its name, by a rename, so
// that processes need no lock: where two make the same, the second one's is dropped. native-session.node.ts opens them.

import { createHash, randomUUID } from 'node:crypto'
import { mkdir, open, readdir, readFile, rename, rm, stat, statfs, utimes, writeFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import path from 'node:path'
import { EngineError } from '../errors.ts'
import { externalData, withoutRepeats } from '../onnx/saved.ts'
import type { CompiledOptions } from './engine.ts'
import { cpuFlags } from './int8-type.node.ts'

/** Other files, other meaning of the folder. */
const FORMAT = 1
export const MODEL_FILE = 'model.onnx'
export const WEIGHTS_FILE = 'weights.bin'
/** Says what the other two have to be. Written last. */
const ABOUT_FILE = 'about.json'
/** Least recently used models go beyond this. */
const LIMIT_BYTES = 32 * 2 ** 30
const RESERVE_BYTES = 2 ** 28
/** Bytes written for each byte of float32 weights: matrices are there plain and packed. */
const PACKED_SHARE = 2
/** What a killed process left. */
const STALE_MS = 3_600_000
/** The only names that are ever removed: a folder may hold other things. */
const ENTRY = /^[0-9a-f]{32}$/
const UNFINISHED = /^[0-9a-f]{32}\.[0-9a-f]{8}\.tmp$/

/** Where a model is or will be: other bytes, weight files, ONNX Runtime or CPU are another place. Undefined when a weight file is gone. */
export async function placeOf(model: Uint8Array, root: string, folder: string, version: string): Promise<string | undefined> {
  const hash = createHash('sha256')
  hash.update(JSON.stringify([FORMAT, version, process.platform, process.arch, cpus()[0]?.model, cpuFlags()])).update(model)
  for (const location of externalData(model).locations) {
    const info = await stat(path.join(root, location)).catch(() => undefined)
    if (!info) return undefined
    hash.update(JSON.stringify([location, info.size, info.mtimeMs]))
  }
  return path.join(path.resolve(folder), hash.digest('hex').slice(0, 32))
}

/** The compiled model's bytes; undefined when it is not there or visibly damaged. Marks it as used. */
export async function readCompiled(place: string): Promise<Uint8Array | undefined> {
  try {
    const about: unknown = JSON.parse(await readFile(path.join(place, ABOUT_FILE), 'utf8'))
    const model = await readFile(path.join(place, MODEL_FILE))
    if (JSON.stringify(about) !== JSON.stringify(await describe(place, model))) return undefined
    await utimes(place, new Date(), new Date()).catch(() => {})
    return model
  } catch {
    return undefined
  }
}

/** Puts there what `save` writes to a folder of its own. Throws EngineError where the disk has no room. */
export async function writeCompiled(
  place: string,
  model: Uint8Array,
  { limit = LIMIT_BYTES }: CompiledOptions,
  save: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = path.dirname(place)
  const temporary = `${place}.${randomUUID().slice(0, 8)}.tmp`
  const bytes = externalData(model).floatBytes * PACKED_SHARE
  try {
    await mkdir(temporary, { recursive: true })
    await makeRoom(folder, bytes, limit)
    await save(temporary)
    const file = path.join(temporary, MODEL_FILE)
    const saved = withoutRepeats(await readFile(file))
    await writeFile(file, saved)
    await writeFile(path.join(temporary, ABOUT_FILE), JSON.stringify(await describe(temporary, saved)))
    for (const name of await readdir(temporary)) await flush(path.join(temporary, name))
    await put(temporary, place)
  } catch (error) {
    if (error instanceof Error && 'code' in error)
      throw new EngineError(`compiled models cannot be kept in ${folder} (${error.message}): name another folder, or leave the cache out`, {
        cause: error,
      })
    throw error
  } finally {
    await rm(temporary, { recursive: true, force: true })
  }
}

/** Another process may have been faster, or have left something damaged. */
async function put(temporary: string, place: string): Promise<void> {
  try {
    await rename(temporary, place)
  } catch {
    if (await readCompiled(place)) return
    await removeCompiled(place)
    await rename(temporary, place)
  }
}

export async function removeCompiled(place: string): Promise<void> {
  await rm(place, { recursive: true, force: true })
}

/** Digest of the small file, size of the large one; 0 where all weights are inside the model. */
async function describe(folder: string, model: Uint8Array): Promise<{ model: string; weights: number }> {
  const weights = await stat(path.join(folder, WEIGHTS_FILE)).catch(() => ({ size: 0 }))
  return { model: createHash('sha256').update(model).digest('hex'), weights: weights.size }
}

async function makeRoom(folder: string, bytes: number, limit: number): Promise<void> {
  const names = await readdir(folder)
  const entriesNamed = (kind: RegExp) =>
    Promise.all(names.filter((name) => kind.test(name)).map((name) => describeEntry(path.join(folder, name))))
  for (const { place, used } of await entriesNamed(UNFINISHED)) if (Date.now() - used > STALE_MS) await removeCompiled(place)
  let total = bytes
  for (const { place, size } of (await entriesNamed(ENTRY)).sort((a, b) => b.used - a.used)) {
    total += size
    if (total > limit) await removeCompiled(place).catch(() => {}) // where systems keep a file that is in use, it goes the next time
  }
  const { bavail, bsize } = await statfs(folder)
  if (bavail * bsize < bytes + RESERVE_BYTES)
    throw new EngineError(
      `compiling this part of the model takes up to ${gib(bytes)}, and the disk of ${folder} has ${gib(bavail * bsize)} free: ` +
        'make room, name another folder, or leave the cache out',
    )
}

interface Entry {
  readonly place: string
  readonly size: number
  readonly used: number
}

async function describeEntry(place: string): Promise<Entry> {
  const sizeOf = (name: string) =>
    stat(path.join(place, name)).then(
      ({ size }) => size,
      () => 0,
    )
  const used = await stat(place).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  )
  return { place, size: (await sizeOf(MODEL_FILE)) + (await sizeOf(WEIGHTS_FILE)), used }
}

async function flush(file: string): Promise<void> {
  const handle = await open(file, 'r+')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

function gib(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(1)} GiB`
}
