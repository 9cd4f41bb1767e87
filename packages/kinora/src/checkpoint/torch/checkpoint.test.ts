// Files that torch 2.13 itself wrote (test/fixtures/torch), read in both formats, and what the reader
// takes of them. tensors.safetensors and lightning.safetensors hold the same values as torch saw them.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { memoryFiles } from '../../../test/support/memory-files.ts'
import { pickle } from '../../../test/support/pickle-file.ts'
import { fixture, readSafetensors } from '../../../test/support/safetensors.ts'
import { rebuildTensor, storageId, torchZip } from '../../../test/support/torch-file.ts'
import { zipParts } from '../../../test/support/zip-file.ts'
import { CheckpointError } from '../../errors.ts'
import { type Tensor, tensor } from '../../tensor/tensor.ts'
import { openFolder } from '../files.node.ts'
import type { CheckpointFiles } from '../files.ts'
import { readTensor, readTensorFile } from '../tensor-file.ts'

const FOLDER = fixture('torch')
const TEMP = mkdtempSync(path.join(tmpdir(), 'kinora-torch-'))
afterAll(() => rmSync(TEMP, { recursive: true, force: true }))

async function readAll(files: CheckpointFiles, name: string, only?: string[]): Promise<Map<string, Tensor>> {
  const { tensors } = await readTensorFile(files, name)
  const wanted = [...tensors].filter(([key]) => only?.includes(key) ?? true)
  const read = wanted.map(async ([key, stored]): Promise<[string, Tensor]> => {
    if (!stored.dtype) throw new Error(`${key} is ${stored.dtypeName}`)
    return [key, await readTensor(files, name, { ...stored, dtype: stored.dtype })]
  })
  return new Map(await Promise.all(read))
}

const sorted = (tensors: ReadonlyMap<string, Tensor>) => Object.fromEntries([...tensors].sort(([a], [b]) => (a < b ? -1 : 1)))

async function messageOf(name: string): Promise<string> {
  const error: unknown = await readTensorFile(await openFolder(FOLDER), name).catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(CheckpointError)
  return (error as CheckpointError).message.replaceAll(FOLDER, 'ROOT')
}

describe('files of torch.save', () => {
  it.each([
    ['zip.pt', 'tensors'],
    ['legacy.pt', 'tensors'],
    ['protocol-5.pt', 'tensors'],
    ['lightning.ckpt', 'lightning'],
    ['list.pt', 'list'],
  ])('%s has the values that torch saw', async (name, expected) => {
    const read = await readAll(await openFolder(FOLDER), name)
    expect(sorted(read)).toEqual(sorted(readSafetensors(path.join(FOLDER, `${expected}.safetensors`))))
  })

  it.each(['zip.pt', 'legacy.pt'])('%s: row-major tensors stay in the file, others are gathered', async (name) => {
    const { tensors, absolute } = await readTensorFile(await openFolder(FOLDER), name)
    const gathered = [...tensors].filter(([, { data }]) => data).map(([key]) => key)
    expect(gathered.sort()).toEqual([
      'channels_last',
      'expanded',
      'nested.alpha',
      'nested.rank',
      'sliced',
      'stepped_bool',
      'stepped_half',
      'transposed',
      'transposed_int64',
    ])
    const bytes = readFileSync(absolute)
    const { byteOffset, byteLength } = tensors.get('shared')!
    // Row 2 of the 4 x 6 tensor that `shared` is.
    expect(tensors.get('row')).toMatchObject({ byteOffset: byteOffset + 48, byteLength: 24, shape: [6] })
    expect(bytes.subarray(byteOffset, byteOffset + byteLength)).toHaveLength(96)
  })

  it('lists tensors of types that Kinora does not compute with', async () => {
    const { tensors } = await readTensorFile(await openFolder(FOLDER), 'unread-types.pt')
    const about = [...tensors].map(([name, { dtype, dtypeName, byteLength }]) => [name, dtype, dtypeName, byteLength])
    expect(about).toEqual([
      ['float8', undefined, 'torch.float8_e4m3fn', 4],
      ['uint16', undefined, 'torch.uint16', 4],
      ['complex', undefined, 'torch.complex64', 16],
      ['float32', 'float32', 'torch.float32', 8],
    ])
  })

  it.each([
    [
      'module.pt',
      /^ROOT\/module\.pt holds no tensors that can be read without running Python code \(it asks for torch\.nn\.modules\.linear\.Linear/,
    ],
    ['module-legacy.pt', /without running Python code .*: save the model's state_dict\(\), not the model itself$/],
    ['script.pt', /^ROOT\/script\.pt is a TorchScript program, not a checkpoint: save the model's state_dict\(\) with torch\.save$/],
    ['sparse.pt', /tensor sparse is what torch\._utils\._rebuild_sparse_tensor would return, and Kinora runs no code/],
    ['negative.pt', /a tensor is a conjugate or negative view of its data: save it after/],
  ])('%s is refused by name', async (name, message) => {
    expect(await messageOf(name)).toMatch(message)
  })
})

describe('how much is read', () => {
  const weights = tensor('float32', [1000, 1000])

  it('is the directory, the pickle and the headers, not the data', async () => {
    const bytes = torchZip({ a: weights, b: tensor('float32', [512, 512]) })
    const files = memoryFiles({ 'unet.bin': bytes })
    const { tensors } = await readTensorFile(files, 'unet.bin')
    expect([...tensors.values()].map(({ byteLength }) => byteLength)).toEqual([4_000_000, 1_048_576])
    expect(files.bytesRead()).toBeLessThan(300_000)
  })

  it('holds for a file over 4 GiB, whose sizes and offsets are zip64', async () => {
    const count = 5 * 2 ** 28
    const view = (type: string, key: string, size: number) => rebuildTensor(storageId(type, key, size), 0, [size], [1])
    const entries = [
      { name: 'large/data.pkl', bytes: pickle({ head: view('FloatStorage', '0', count), tail: view('FloatStorage', '1', 2) }) },
      { name: 'large/data/0', bytes: new Uint8Array(0), hole: 4 * count },
      { name: 'large/data/1', bytes: new Uint8Array(new Float32Array([3, 4]).buffer) },
    ]
    const handle = await open(path.join(TEMP, 'large.bin'), 'w')
    for (const { at, bytes } of zipParts(entries, { zip64: true })) await handle.write(bytes, 0, bytes.length, at)
    await handle.close()
    const read = await readTensorFile(await openFolder(TEMP), 'large.bin')
    expect(read.tensors.get('head')!.byteLength).toBe(5 * 2 ** 30)
    expect(read.tensors.get('tail')!.byteOffset).toBeGreaterThan(5 * 2 ** 30)
    expect((await readAll(await openFolder(TEMP), 'large.bin', ['tail'])).get('tail')).toEqual(
      tensor('float32', [2], new Float32Array([3, 4])),
    )
  })
})
