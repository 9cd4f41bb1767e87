// The door itself: formats are told by their first bytes, and any file at all is read or refused.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mutants } from '../../test/fuzz/mutants.ts'
import { survives } from '../../test/fuzz/survives.ts'
import { memoryFiles } from '../../test/support/memory-files.ts'
import { refusalOf } from '../../test/support/refusal.ts'
import { torchLegacy, torchZip } from '../../test/support/torch-file.ts'
import { encodeSafetensors } from '../tensor/safetensors.ts'
import { type Tensor, tensor } from '../tensor/tensor.ts'
import { readTensor, readTensorFile } from './tensor-file.ts'

const w = tensor('float32', [2], new Float32Array([1, 2]))
const safetensors = (tensors: Record<string, Tensor>) => new Uint8Array(Buffer.concat(encodeSafetensors(tensors)))

it.each([
  ['safetensors', safetensors({ w })],
  ['a zip file of PyTorch', torchZip({ w })],
  ['a legacy file of PyTorch', torchLegacy({ w })],
])('tells %s by its bytes, whatever its name', async (_, bytes) => {
  const files = memoryFiles({ 'model.txt': bytes })
  const { tensors, file, absolute } = await readTensorFile(files, 'model.txt')
  expect([file, absolute]).toEqual(['/memory/model.txt', '/memory/model.txt'])
  expect(await readTensor(files, 'model.txt', { ...tensors.get('w')!, dtype: 'float32' })).toEqual(w)
})

it('takes a safetensors header of 640 bytes for no pickle', async () => {
  const header = (length: number) => safetensors({ ['n'.repeat(length)]: w })
  const bytes = [...Array(700).keys()].map(header).find((file) => file[0] === 0x80 && file[1] === 2)!
  expect((await readTensorFile(memoryFiles({ a: bytes }), 'a')).tensors.size).toBe(1)
})

describe('other files', () => {
  const text = (content: string) => new Uint8Array(Buffer.from(content.padEnd(600, '\0'), 'latin1'))
  it.each<[string, Uint8Array, string]>([
    [
      'a Git LFS pointer',
      text('version https://git-lfs.github.com/spec/v1\n'),
      'a.bin is a Git LFS pointer, not the file itself: run `git lfs pull`',
    ],
    ['a web page', text('<!DOCTYPE html>'), 'a.bin is a web page, not a file of tensors: download the file itself'],
    ['a tar archive', text(`${'storages'.padEnd(257, '\0')}ustar`), "a.bin is a tar archive: unpack it; if it is PyTorch's format of 2016"],
    ['HDF5', text('\x89HDF\r\n\x1a\n'), 'a.bin is an HDF5 file, as TensorFlow and Keras write them'],
    ['GGUF', text('GGUF\x03'), 'a.bin is a GGUF file'],
    ['gzip', text('\x1f\x8b\x08'), 'a.bin is compressed with gzip: unpack it'],
    ['nothing', new Uint8Array(0), 'a.bin has only 0 bytes'],
    ['one byte', new Uint8Array([0x80]), 'a.bin has only 1 bytes'],
  ])('%s', async (_, bytes, message) => {
    expect(await refusalOf(bytes)).toContain(message)
  })
})

describe('fuzz', () => {
  it('survives mutated files of every format', async () => {
    await fc.assert(
      fc.asyncProperty(mutants, async (file) => {
        await survives(file)
      }),
      { numRuns: 3000 },
    )
  })

  it('survives any bytes behind a magic number', async () => {
    const start = fc.constantFrom(
      [],
      [0x50, 0x4b, 3, 4],
      [0x80, 2],
      [0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e],
    )
    await fc.assert(
      fc.asyncProperty(start, fc.uint8Array({ maxLength: 300 }), async (magic, rest) => {
        await survives(new Uint8Array([...magic, ...rest]))
      }),
      { numRuns: 2000 },
    )
  })
})
