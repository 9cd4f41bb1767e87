// The format before torch 1.6: what is said about damaged files, and what only old ones hold.

import { describe, expect, it } from 'vitest'
import { memoryFiles } from '../../../test/support/memory-files.ts'
import { pickle, pyCall, pyGlobal, pyTuple } from '../../../test/support/pickle-file.ts'
import { refusalOf } from '../../../test/support/refusal.ts'
import { rebuildTensor, storageId, torchLegacy } from '../../../test/support/torch-file.ts'
import { tensor } from '../../tensor/tensor.ts'
import { readTensorFile } from '../tensor-file.ts'

const w = tensor('float32', [4], new Float32Array([1, 2, 3, 4]))

describe('legacy files', () => {
  const fine = torchLegacy({ w, v: tensor('float64', [2]) })
  it.each<[string, Uint8Array, string]>([
    ['cut short in the pickle', fine.subarray(0, 300), 'a.bin: its pickle ends in the middle: the file is cut short or damaged'],
    ['cut short in the data', fine.subarray(0, fine.length - 1), 'past the end of the file at'],
    ['another element count', fine.with(-24, 3), 'has 3 elements, its tensors expect 2'],
    ['big-endian', torchLegacy({ w }, { littleEndian: false }), 'a.bin was saved on a big-endian machine'],
    ['a plain pickle', pickle({ w: [1, 2] }), 'a.bin is a plain Python pickle, not a file of torch.save'],

    ['a pickle before the magic one', new Uint8Array([...pickle(7), ...fine]), "a.bin begins with another number than torch.save's"],
    ['pickles without end', torchLegacy({ text: 'x'.repeat(2 ** 26) }), 'a.bin has pickles of more than 67108864 bytes before its tensors'],
    ['a plain pickle that runs code', pickle(pyCall(pyGlobal('os', 'system'), ['true'])), 'a.bin is a plain Python pickle'],
  ])('%s', async (_, bytes, message) => {
    expect(await refusalOf(bytes)).toContain(message)
  })

  it('reads parts of storages, as torch before 0.4 saved them', async () => {
    const part = (offset: number, count: number) =>
      rebuildTensor(storageId('FloatStorage', '94000000000000', 4, [pyTuple('9', offset, count)]), 0, [count], [1])
    const file = (offset: number, count: number) => torchLegacy({ w, part: part(offset, count) })
    const { tensors } = await readTensorFile(memoryFiles({ 'a.bin': file(1, 2) }), 'a.bin')
    expect(tensors.get('part')!.byteOffset).toBe(tensors.get('w')!.byteOffset + 4)
    expect(await refusalOf(file(3, 2))).toContain('cuts a part out of a storage that is not in it')
  })

  it('reads pickles longer than the first look at the file', async () => {
    const text = 'x'.repeat(3 * 2 ** 20)
    const { tensors } = await readTensorFile(memoryFiles({ 'a.bin': torchLegacy({ text, w }) }), 'a.bin')
    expect(tensors.get('w')!.byteLength).toBe(16)
  })
})
