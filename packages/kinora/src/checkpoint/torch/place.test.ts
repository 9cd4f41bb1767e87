// Views that leave their storage or take more than the file justifies, in both formats.

import { describe, expect, it } from 'vitest'
import { memoryFiles } from '../../../test/support/memory-files.ts'
import { pyCall, pyGet, pyGlobal, pyPersistent, pyPut, pyRaw } from '../../../test/support/pickle-file.ts'
import { refusalOf } from '../../../test/support/refusal.ts'
import { rebuildTensor, StridedTensor, storageId, torchLegacy, torchZip } from '../../../test/support/torch-file.ts'
import type { ZipEntry } from '../../../test/support/zip-file.ts'
import { tensor } from '../../tensor/tensor.ts'
import { readTensorFile } from '../tensor-file.ts'

const DATA = 'archive/data/0'

describe('views', () => {
  const base = tensor('float32', [2, 3], new Float32Array([1, 2, 3, 4, 5, 6]))
  it.each<[string, StridedTensor, string]>([
    ['past the end', new StridedTensor(base, [2, 3], [3, 1], 1), 'tensor w reaches byte 28 of a storage of 24'],
    ['with a stride past the end', new StridedTensor(base, [2, 3], [4, 1]), 'tensor w reaches byte 28 of a storage of 24'],
    ['with sizes that overflow', new StridedTensor(base, [2 ** 30, 2 ** 30, 2 ** 30], [2 ** 30, 2 ** 30, 1]), 'tensor w reaches byte'],
    ['expanded without end', new StridedTensor(base, [2 ** 30], [0]), 'tensor w would take 4294967296 bytes of memory'],
    ['expanded beyond all numbers', new StridedTensor(base, [2 ** 50, 2 ** 50], [0, 0]), 'tensor w reaches byte 4 of a storage of 24'],
    [
      'of zero times infinity',
      new StridedTensor(base, [...Array<number>(30).fill(2 ** 52), 0], Array<number>(31).fill(1)),
      'tensor w reaches byte',
    ],
    ['with an offset that is none', new StridedTensor(base, [2], [1], -1), 'puts a tensor at offset -1 of its storage'],
    ['with a fraction', new StridedTensor(base, [0.5], [1]), 'gives a tensor the size [0.5] and stride [1]'],
    ['with more strides than sizes', new StridedTensor(base, [2], [1, 1]), 'gives a tensor the size [2] and stride [1,1]'],
    ['of 65 dimensions', new StridedTensor(base, Array<number>(65).fill(1), Array<number>(65).fill(1)), 'gives a tensor the size'],
  ])('%s', async (_, view, message) => {
    expect(await refusalOf(torchZip({ w: view }))).toContain(message)
    expect(await refusalOf(torchLegacy({ w: view }))).toContain(message)
  })

  it('together may not take more than the file justifies', async () => {
    const views = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`v${i}`, new StridedTensor(base, [2 ** 18, 2], [0, 1])]))
    expect(await refusalOf(torchZip(views))).toMatch(
      /tensor v\d+ would take 2097152 bytes of memory, with all others more than 33\d{6}: save it again/,
    )
  })

  it('keep their shape when the pickle changes the list that gave it', async () => {
    const [size, stride] = [pyPut(0, [2]), pyPut(1, [1])]
    const args = [pyPersistent(storageId('FloatStorage', '0', 4)), 0, size, stride]
    const later = [pyRaw(pyGet(0).opcodes, 'J\xff\xff\xff\x7f', 'a'), pyRaw(pyGet(1).opcodes, 'K\x01a')]
    const value = { w: pyCall(pyGlobal('torch._utils', '_rebuild_tensor'), args), later }
    const bytes = torchZip(value, { change: (entries) => [...entries, { name: DATA, bytes: new Uint8Array(16) }] })
    const { tensors } = await readTensorFile(memoryFiles({ 'a.bin': bytes }), 'a.bin')
    expect(tensors.get('w')).toMatchObject({ shape: [2], byteLength: 8 })
  })

  it('of one storage under two sizes are refused', async () => {
    const view = (count: number) => rebuildTensor(storageId('FloatStorage', '0', count), 0, [count], [1])
    const change = (entries: ZipEntry[]) => [...entries, { name: DATA, bytes: new Uint8Array(16) }]
    expect(await refusalOf(torchZip({ a: view(4), b: view(400) }, { change }))).toContain(
      'tensor b lies in a storage of 1600 bytes, the file has 16 for it',
    )
  })
})
