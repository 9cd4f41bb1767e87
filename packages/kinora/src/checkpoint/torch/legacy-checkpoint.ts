// torch.save's format before 1.6: pickles one after the other (magic number, protocol, the machine's
// byte order, the object, the keys of its storages), then each storage as its element count and raw data.
// The tar format of 2016 is older still and not read. Meanings: torch/serialization.py, `_legacy_load`.

import { CheckpointError } from '../../errors.ts'
import { type CheckpointFiles, shownPath } from '../files.ts'
import { excerpt } from '../json.ts'
import type { StoredTensor } from '../tensor-file.ts'
import { Copies } from './copies.ts'
import { nameTensors } from './names.ts'
import { MAX_PICKLE_BYTES, type Unpickled, unpickle } from './pickle.ts'
import { CutShort } from './pickle-bytes.ts'
import { placeTensors, type StorageBytes } from './place.ts'
import { ReadAhead } from './read-ahead.ts'
import { storageOfId } from './rebuild.ts'
import { type PyValue, TorchStorage } from './values.ts'

const MAGIC = 0x1950a86a20f9469cfc6cn
/** The same as it stands among the first bytes of the file. */
const MAGIC_BYTES = [0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19]
const START_BYTES = 64
const PROTOCOL = 1001
/** Enough for the pickles of most files. */
const FIRST_READ_BYTES = 2 ** 20
/** Before each storage's data. */
const COUNT_BYTES = 8

/** Reads the pickles and each storage's element count; the data stays where it is. Throws CheckpointError. */
export async function readLegacyCheckpoint(
  files: CheckpointFiles,
  path: string,
  fileSize: number,
): Promise<ReadonlyMap<string, StoredTensor>> {
  const file = shownPath(files, path)
  const start = (await files.read(path, 0, Math.min(START_BYTES, fileSize))).join()
  if (!start.includes(MAGIC_BYTES.join()))
    throw new CheckpointError(
      `${file} is a plain Python pickle, not a file of torch.save: save its tensors with torch.save or as safetensors`,
    )
  const storages = new Map<string, TorchStorage>()
  const pickles = new PickleRow(files, path, fileSize, (storage) => storages.set(storage.key, storage))
  await checkStart(pickles, file)
  const { value, notRun } = await pickles.next()
  const { value: keys, end } = await pickles.next()
  const places = await findStorages(files, path, { keys, storages, start: end, fileSize })
  return placeTensors(nameTensors(value, file, notRun), { files, path, copies: new Copies(file, fileSize), storages: places })
}

/** Pickles that follow each other; reads more of the file when one does not fit into what was read. */
class PickleRow {
  readonly #files: CheckpointFiles
  readonly #path: string
  readonly #fileSize: number
  readonly #onStorage: (storage: TorchStorage) => void
  #bytes: Uint8Array = new Uint8Array(0)
  #at = 0

  constructor(files: CheckpointFiles, path: string, fileSize: number, onStorage: (storage: TorchStorage) => void) {
    this.#files = files
    this.#path = path
    this.#fileSize = fileSize
    this.#onStorage = onStorage
  }

  async next(): Promise<Unpickled> {
    for (;;) {
      try {
        const found = unpickle(this.#bytes, this.#at, shownPath(this.#files, this.#path), (id, bytes) => {
          const value = storageOfId(id, bytes)
          if (value instanceof TorchStorage) this.#onStorage(value)
          return value
        })
        this.#at = found.end
        return found
      } catch (error) {
        const length = Math.min(this.#fileSize, MAX_PICKLE_BYTES, Math.max(FIRST_READ_BYTES, 8 * this.#bytes.length))
        if (!(error instanceof CutShort) || length === this.#bytes.length) throw this.#tooLong(error)
        this.#bytes = await this.#files.read(this.#path, 0, length)
      }
    }
  }

  /** At the bound, a pickle that ends in the middle is no sign of damage. */
  #tooLong(error: unknown): unknown {
    if (!(error instanceof CutShort) || this.#bytes.length < MAX_PICKLE_BYTES) return error
    return new CheckpointError(
      `${shownPath(this.#files, this.#path)} has pickles of more than ${MAX_PICKLE_BYTES} bytes before its tensors, which no checkpoint needs`,
    )
  }
}

async function checkStart(pickles: PickleRow, file: string): Promise<void> {
  if ((await pickles.next()).value !== MAGIC)
    throw new CheckpointError(`${file} begins with another number than torch.save's: it is damaged`)
  const { value: protocol } = await pickles.next()
  if (protocol !== PROTOCOL) throw new CheckpointError(`${file} is of torch.save's protocol ${excerpt(protocol)}; ${PROTOCOL} is read`)
  const { value: machine } = await pickles.next()
  if (!(machine instanceof Map) || machine.get('little_endian') !== true)
    throw new CheckpointError(`${file} was saved on a big-endian machine: save it again on a little-endian one`)
}

interface StorageRow {
  /** In the order of the data. */
  readonly keys: PyValue
  readonly storages: ReadonlyMap<string, TorchStorage>
  readonly start: number
  readonly fileSize: number
}

async function findStorages(
  files: CheckpointFiles,
  path: string,
  { keys, storages, start, fileSize }: StorageRow,
): Promise<Map<string, StorageBytes>> {
  const file = shownPath(files, path)
  const places = new Map<string, StorageBytes>()
  const counts = new ReadAhead(files, path, fileSize)
  let at = start
  for (const key of Array.isArray(keys) ? keys : []) {
    const storage = typeof key === 'string' && !places.has(key) ? storages.get(key) : undefined
    if (typeof key !== 'string' || !storage)
      throw new CheckpointError(`${file} lists a storage that no tensor names, or one twice: it is damaged`)
    const byteLength = storage.wholeCount * storage.type.bytes
    const end = at + COUNT_BYTES + byteLength
    if (!(end <= fileSize))
      throw new CheckpointError(
        `${file}: storage ${excerpt(key)} ends at byte ${end}, past the end of the file at ${fileSize}: it is cut short; download it again`,
      )
    const bytes = await counts.read(at, COUNT_BYTES)
    const count = new DataView(bytes.buffer, bytes.byteOffset, COUNT_BYTES).getBigInt64(0, true)
    if (count !== BigInt(storage.wholeCount))
      throw new CheckpointError(
        `${file}: storage ${excerpt(key)} has ${count} elements, its tensors expect ${storage.wholeCount}: it is damaged`,
      )
    places.set(key, { byteOffset: at + COUNT_BYTES, byteLength })
    at = end
  }
  return places
}
