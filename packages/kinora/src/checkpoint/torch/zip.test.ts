// Archives that lie, each with what is said about it, and deflated ones.

import { describe, expect, it } from 'vitest'
import { memoryFiles } from '../../../test/support/memory-files.ts'
import { refusalOf } from '../../../test/support/refusal.ts'
import { type TorchZipOptions, torchZip } from '../../../test/support/torch-file.ts'
import { type ZipEntry, zipFile } from '../../../test/support/zip-file.ts'
import { tensor } from '../../tensor/tensor.ts'
import { readTensorFile } from '../tensor-file.ts'

const w = tensor('float32', [4], new Float32Array([1, 2, 3, 4]))
const DATA = 'archive/data/0'

/** A file of one tensor with one entry changed. */
const changed = (name: string, change: Partial<ZipEntry>, options: TorchZipOptions = {}) =>
  torchZip({ w }, { ...options, change: (entries) => entries.map((entry) => (entry.name === name ? { ...entry, ...change } : entry)) })

describe('zip archives', () => {
  const offsetOf = (bytes: Uint8Array, name: string) => Buffer.from(bytes).indexOf(name) - 30
  const fine = torchZip({ w })

  it.each<[string, Uint8Array, string]>([
    [
      'cut short',
      fine.subarray(0, fine.length - 5),
      'a.bin is a zip archive without its directory at the end: it is cut short; download it again',
    ],
    ['cut in its data', fine.subarray(0, 700), 'a.bin is a zip archive without its directory at the end'],
    ['trailing bytes', new Uint8Array([...fine, 0]), 'a.bin is a zip archive without its directory at the end'],
    ['of several disks', torchZip({ w }, { end: { disk: 1 } }), 'a.bin is one part of a split zip archive: join the parts first'],
    [
      'an entry on another disk',
      changed(DATA, { central: { disk: 2 } }),
      'zip entry archive/data/0 lies on another disk of a split archive',
    ],
    ['encrypted', changed(DATA, { central: { flags: 9 } }), 'zip entry archive/data/0 is encrypted: decrypt the file first'],
    ['encrypted in its own header', changed(DATA, { local: { flags: 9 } }), 'zip entry archive/data/0 is encrypted'],
    ['a directory outside', torchZip({ w }, { end: { directoryOffset: 0x7fffffff } }), 'a.bin says that its zip directory ends at byte'],
    ['a directory elsewhere', torchZip({ w }, { end: { directoryOffset: 3 } }), 'a.bin has a damaged zip directory; download it again'],
    ['more entries than listed', torchZip({ w }, { end: { entries: 9 } }), 'a.bin has a damaged zip directory'],
    ['fewer entries than listed', torchZip({ w }, { end: { entries: 2 } }), 'a.bin lacks the storage archive/data/0'],
    [
      'zip64 entries without number',
      torchZip({ w }, { zip64: true, end: { entries: 2 ** 52 } }),
      'a.bin has 4503599627370496 zip entries in a directory of',
    ],
    [
      'a zip64 directory outside',
      torchZip({ w }, { zip64: true, end: { directoryOffset: 2 ** 60 } }),
      'a.bin says that its zip directory ends at byte',
    ],
    [
      'a huge directory',
      torchZip({ w }, { zip64: true, end: { directorySize: 2 ** 60 } }),
      'a.bin says that its zip directory ends at byte',
    ],
    ['an entry outside', changed(DATA, { central: { offset: 0x7fffff } }), 'zip entry archive/data/0 lies at bytes'],
    [
      'an entry longer than the file',
      changed(DATA, { central: { size: 0x7fffff, compressedSize: 0x7fffff } }),
      'zip entry archive/data/0 lies at bytes',
    ],
    [
      'a zip64 entry longer than anything',
      changed(DATA, { central: { size: 2 ** 62, compressedSize: 2 ** 62, zip64: true } }),
      'zip entry archive/data/0 lies at bytes',
    ],
    [
      'overlapping entries',
      changed(DATA, { central: { offset: 10 } }),
      'zip entry archive/data.pkl overlaps archive/data/0: the file is damaged or hostile',
    ],
    ['two entries at one place', changed(DATA, { central: { offset: 0 } }), 'overlaps archive/data'],
    ['an entry that reaches into the next', changed(DATA, { central: { size: 130, compressedSize: 130 } }), 'overlaps archive/version'],
    [
      'another name in its own header',
      changed(DATA, { local: { name: 'archive/data/1' } }),
      'has a header that contradicts the zip directory',
    ],
    ['another size in its own header', changed(DATA, { local: { size: 12 } }), 'has a header that contradicts the zip directory'],
    [
      'another size without descriptor',
      changed(DATA, { local: { size: 0 } }, { descriptors: false }),
      'has a header that contradicts the zip directory',
    ],
    ['another method in its own header', changed(DATA, { local: { method: 8 } }), 'has a header that contradicts the zip directory'],
    [
      'stored in fewer bytes than claimed',
      changed(DATA, { central: { size: 16, compressedSize: 12 } }),
      'is stored in 12 bytes but claims 16',
    ],
    ['an offset into the data', changed(DATA, { central: { offset: offsetOf(fine, DATA) + 2 } }), 'is not where the zip directory says'],
    [
      'an unknown method',
      changed(DATA, { local: { method: 9 }, central: { method: 9 } }),
      'is compressed with method 9; stored and deflated (8) are read',
    ],
    [
      'a name that is not UTF-8',
      zipFile([{ name: 'a', bytes: new Uint8Array(1) }]).with(-1 - 22 - 0, 0xff),
      'zip entry whose name is not UTF-8',
    ],
    ['a name twice', torchZip({ w }, { change: (entries) => [...entries, entries[1]!] }), 'zip entry archive/byteorder is there twice'],
    [
      'two pickles',
      torchZip({ w }, { change: (entries) => [...entries, { ...entries[0]!, name: 'other/data.pkl' }] }),
      'a.bin holds 2 pickles named data.pkl',
    ],
    [
      'no pickle',
      zipFile([{ name: 'word/document.xml', bytes: new Uint8Array(3) }]),
      'a.bin is a zip archive without a data.pkl, so not a PyTorch file (it has word/document.xml)',
    ],
    [
      'TorchScript',
      torchZip({ w }, { change: (entries) => [...entries, { name: 'archive/constants.pkl', bytes: new Uint8Array(3) }] }),
      'a.bin is a TorchScript program',
    ],
    ['big-endian', torchZip({ w }, { byteorder: 'big' }), 'a.bin has the byte order big; little is read'],
    [
      'a byte order of a megabyte',
      torchZip({ w }, { byteorder: 'x'.repeat(2 ** 20) }),
      'archive/byteorder has 1048576 bytes, the limit is 16',
    ],
    [
      'a pickle of 100 MB',
      torchZip({ w }, { change: ([first, ...rest]) => [{ ...first!, central: { size: 1e8, compressedSize: 1e8 } }, ...rest] }),
      'zip entry archive/data.pkl lies at bytes',
    ],
    [
      'a storage that is missing',
      torchZip({ w }, { change: (entries) => entries.filter(({ name }) => name !== DATA) }),
      'a.bin lacks the storage archive/data/0 that a tensor lies in',
    ],
    [
      'a storage of another size',
      changed(DATA, { bytes: new Uint8Array(12) }),
      'tensor w lies in a storage of 16 bytes, the file has 12 for it',
    ],
  ])('%s', async (_, bytes, message) => {
    expect(await refusalOf(bytes)).toContain(message)
  })

  it('may have a comment, even one that looks like an end', async () => {
    const { tensors } = await readTensorFile(
      memoryFiles({ 'a.bin': torchZip({ w }, { comment: 'PK\x05\x06 and more than that' }) }),
      'a.bin',
    )
    expect([...tensors.keys()]).toEqual(['w'])
  })
})

describe('deflated entries', () => {
  const bomb = 2 ** 24
  const zeros = tensor('uint8', [bomb])

  it('are read', async () => {
    const files = memoryFiles({ 'a.bin': torchZip({ w, v: tensor('float32', [1000]) }, { deflated: true }) })
    const { tensors } = await readTensorFile(files, 'a.bin')
    expect(tensors.get('w')!.data).toEqual(new Uint8Array(w.data.buffer))
    expect(tensors.get('v')!.data).toEqual(new Uint8Array(4000))
  })

  it.each<[string, Uint8Array, string]>([
    [
      'that inflate to more than declared',
      changed(DATA, { bytes: new Uint8Array(bomb), deflated: true, central: { size: 16 } }),
      'inflates to more than the 16 bytes it declares',
    ],
    [
      'that inflate to less',
      changed(DATA, { bytes: new Uint8Array(8), deflated: true, central: { size: 16 } }),
      'inflates to 8 bytes and declares 16',
    ],
    [
      'that are no deflate stream',
      changed(DATA, { raw: new Uint8Array(20).fill(7), deflated: true, central: { size: 16 } }),
      'cannot be inflated: its data is damaged',
    ],
    [
      'bombs',
      torchZip({ a: zeros, b: { ...zeros, data: new Uint8Array(bomb) }, c: { ...zeros, data: new Uint8Array(bomb) } }, { deflated: true }),
      'would take 16777216 bytes of memory, with all others more than',
    ],
    [
      'a pickle of a gigabyte',
      torchZip({ w }, { deflated: true, change: ([first, ...rest]) => [{ ...first!, central: { size: 2 ** 30 } }, ...rest] }),
      'zip entry archive/data.pkl has 1073741824 bytes, the limit is 67108864',
    ],
  ])('%s', async (_, bytes, message) => {
    expect(await refusalOf(bytes)).toContain(message)
  })
})
