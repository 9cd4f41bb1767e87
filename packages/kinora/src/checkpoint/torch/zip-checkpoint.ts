// torch.save's format since 1.6: a zip archive with the pickle as `<name>/data.pkl` and each storage as a
// stored entry `<name>/data/<key>`. Meanings: torch/serialization.py, `_save` and `_load`.

import { CheckpointError } from '../../errors.ts'
import type { CheckpointFiles } from '../files.ts'
import { excerpt } from '../json.ts'
import type { StoredTensor } from '../tensor-file.ts'
import { Copies } from './copies.ts'
import { nameTensors } from './names.ts'
import { MAX_PICKLE_BYTES, unpickle } from './pickle.ts'
import { placeTensors, type StorageBytes, storagesOf } from './place.ts'
import { storageOfId } from './rebuild.ts'
import { decodeLatin1 } from './text.ts'
import type { TorchStorage } from './values.ts'
import { readZip, type Zip, type ZipEntry } from './zip.ts'
import { entryBytes, entryData } from './zip-data.ts'

/** Reads the archive's directory and the pickle; storages stay where they are. Throws CheckpointError. */
export async function readZipCheckpoint(
  files: CheckpointFiles,
  path: string,
  fileSize: number,
): Promise<ReadonlyMap<string, StoredTensor>> {
  const zip = await readZip(files, path, fileSize)
  const folder = checkpointFolder(zip)
  const copies = new Copies(zip.file, fileSize)
  await assertLittleEndian(zip, folder, copies)
  const pickle = await entryBytes(zip, zip.entries.get(`${folder}data.pkl`)!, copies, MAX_PICKLE_BYTES)
  const { value, notRun } = unpickle(pickle, 0, zip.file, storageOfId)
  const named = nameTensors(value, zip.file, notRun)
  const storages = await findStorages(zip, folder, storagesOf(named), copies)
  return placeTensors(named, { files, path, copies, storages })
}

/** `archive/` of `archive/data.pkl`. */
function checkpointFolder({ file, entries }: Zip): string {
  const folders = [...entries.keys()].filter((name) => /^([^/]+\/)?data\.pkl$/.test(name)).map((name) => name.slice(0, -'data.pkl'.length))
  if (folders.length > 1) throw new CheckpointError(`${file} holds ${folders.length} pickles named data.pkl, a PyTorch file has one`)
  const [folder] = folders
  if (folder === undefined)
    throw new CheckpointError(
      `${file} is a zip archive without a data.pkl, so not a PyTorch file (it has ${[...entries.keys()].slice(0, 5).map(excerpt).join(', ')}): unpack it, or download the weights themselves`,
    )
  if (entries.has(`${folder}constants.pkl`))
    throw new CheckpointError(`${file} is a TorchScript program, not a checkpoint: save the model's state_dict() with torch.save`)
  return folder
}

/** Files of before torch 2.1 do not say; they come from little-endian machines. */
async function assertLittleEndian(zip: Zip, folder: string, copies: Copies): Promise<void> {
  const entry = zip.entries.get(`${folder}byteorder`)
  const order = entry ? decodeLatin1(await entryBytes(zip, entry, copies, 16)) : 'little'
  if (order !== 'little')
    throw new CheckpointError(`${zip.file} has the byte order ${excerpt(order)}; little is read: save it again on a little-endian machine`)
}

async function findStorages(
  zip: Zip,
  folder: string,
  storages: readonly TorchStorage[],
  copies: Copies,
): Promise<ReadonlyMap<string, StorageBytes>> {
  const wanted = storages.map(({ key }) => ({ key, entry: findEntry(zip, `${folder}data/${key}`) }))
  const found = new Map<string, StorageBytes>()
  // In the file's order, so that headers near each other are read at once.
  for (const { key, entry } of wanted.toSorted((a, b) => a.entry.offset - b.entry.offset))
    found.set(key, await entryData(zip, entry, copies))
  return found
}

function findEntry({ file, entries }: Zip, name: string): ZipEntry {
  const entry = entries.get(name)
  if (!entry)
    throw new CheckpointError(`${file} lacks the storage ${excerpt(name)} that a tensor lies in: it is damaged; download it again`)
  return entry
}
