// The cache of int8 weights: when a file is made, when it is used again, and what is left of one that failed.

import { mkdtempSync, readdirSync, rmSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { CheckpointError } from '../../errors.ts'
import { tensor } from '../../tensor/tensor.ts'
import type { WeightEntry } from '../weights.ts'
import type { Int8Tensor } from './int8-file.ts'
import { int8CopiesOf, removeOutdatedInt8 } from './kept.node.ts'
import { openInt8 } from './open-int8.node.ts'
import type { WriteInt8 } from './write.node.ts'

const TEMP = mkdtempSync(path.join(tmpdir(), 'kinora-int8-'))
afterAll(() => rmSync(TEMP, { recursive: true, force: true }))

let folder: string
let source: string
beforeEach(() => {
  const root = mkdtempSync(path.join(TEMP, 'case-'))
  process.env.KINORA_CACHE = root
  folder = path.join(root, 'int8')
  source = path.join(root, 'weights')
  writeFileSync(source, new Uint8Array(100))
})

const TENSORS: Int8Tensor[] = [{ name: 'a.weight', of: 'a.weight', dtype: 'int8', shape: [2, 1, 3, 2] }]
const VALUES = tensor(
  'int8',
  [2, 1, 3, 2],
  Int8Array.from({ length: 12 }, (_, i) => i - 6),
)
const SCALE = tensor('float32', [4], Float32Array.of(1, 2, 3, 4))

function entries(changes: Partial<WeightEntry> = {}): Map<string, WeightEntry> {
  const plain = { dtype: 'float32', path: source, byteOffset: 0, byteLength: 48 } as const
  return new Map<string, WeightEntry>([
    ['a.weight', { ...plain, shape: [4, 3], ...changes }],
    ['a.bias', { ...plain, shape: [4], byteOffset: 48, byteLength: 16 }],
  ])
}

let made = 0
async function make(write: WriteInt8): Promise<void> {
  made += 1
  await write('a.weight', VALUES, SCALE)
}
const ABOUT = { model: TEMP, adapters: [{ name: 'style', scale: 0.5 }] }
const openIt = (of = entries(), how = make, signal?: AbortSignal) => openInt8(of, TENSORS, how, { about: ABOUT, signal })
/** How often a file was made meanwhile. */
async function makes(work: () => Promise<unknown>): Promise<number> {
  made = 0
  await work()
  return made
}
const files = () => readdirSync(folder)

test('made once, used again, and told of', async () => {
  expect(await makes(() => openIt())).toBe(1)
  expect(await makes(() => openIt())).toBe(0)
  const weights = await openIt()
  const stored = weights.get('a.weight', [4, 3])
  expect(stored).toMatchObject({ dtype: 'int8', shape: [4, 3], byteLength: 12, quantized: { parts: 2 } })
  expect(stored.quantized?.scale).toMatchObject({ dtype: 'float32', shape: [4], byteLength: 16 })
  expect(weights.get('a.bias', [4]).path).toBe(source)
  expect(() => weights.get('a.weight', [4, 4])).toThrow('a.weight has shape [4, 3], the config asks for [4, 4]')
  const [copy, ...others] = await int8CopiesOf(TEMP)
  expect(copy).toMatchObject({ ...ABOUT, bytes: statSync(copy!.path).size, made: expect.any(Date) as Date })
  expect(others).toEqual([])
  expect(await int8CopiesOf(tmpdir())).toEqual([])
})

test('two at once make it once', async () => {
  const slowly = async (write: WriteInt8) => {
    await new Promise((resolve) => setTimeout(resolve, 100))
    await make(write)
  }
  expect(await makes(() => Promise.all([openIt(entries(), slowly), openIt(entries(), slowly)]))).toBe(1)
  expect(files()).toHaveLength(1)
})

test.each<[string, (file: string) => void]>([
  ['cut short', (file) => truncateSync(file, statSync(file).size - 1)],
  ['emptied', (file) => truncateSync(file, 0)],
  ['of another kind', (file) => writeFileSync(file, 'not tensors')],
])('a file that is %s is made again', async (_, damage) => {
  await openIt()
  damage(path.join(folder, files()[0]!))
  expect(await int8CopiesOf(TEMP)).toEqual([])
  expect(await makes(() => openIt())).toBe(1)
  expect(await int8CopiesOf(TEMP)).toHaveLength(1)
})

test('other weights are another file, and files of weights that are gone are removed', async () => {
  await openIt()
  const adapter = { scale: 0.5, dense: entries().get('a.weight')! }
  expect(await makes(() => openIt(entries({ deltas: [adapter] })))).toBe(1)
  expect(await makes(() => openIt(entries({ deltas: [{ ...adapter, scale: 0.6 }] })))).toBe(1)
  expect(await makes(() => openIt(entries({ byteOffset: 4 })))).toBe(1)
  expect(files()).toHaveLength(4)
  utimesSync(source, 1, 1)
  expect(await makes(() => openIt())).toBe(1)
  expect(files()).toHaveLength(1)
  rmSync(source)
  expect(await removeOutdatedInt8()).toBeGreaterThan(0)
  expect(files()).toEqual([])
})

test('what fails or is stopped leaves nothing, and what was killed is cleared away', async () => {
  const failing = async (write: WriteInt8) => {
    await make(write)
    throw new Error('no more')
  }
  await expect(openIt(entries(), failing)).rejects.toThrow('no more')
  await expect(openIt(entries(), async () => {})).rejects.toThrow('a.weight_scale was not written')
  expect(files()).toEqual([])
  await openIt()
  const [file] = files()
  writeFileSync(path.join(folder, file!.replace('.safetensors', '.1234.tmp')), 'half')
  await removeOutdatedInt8()
  expect(files()).toEqual([file])
})

test('a place that cannot be written is told with the way out', async () => {
  process.env.KINORA_CACHE = source
  await expect(openIt()).rejects.toThrow(CheckpointError)
  await expect(openIt()).rejects.toThrow(/it is not in a folder: set KINORA_CACHE/)
})
