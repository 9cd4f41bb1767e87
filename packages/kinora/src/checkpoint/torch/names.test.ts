// Which tensors of a checkpoint are taken and what they are called.

import { describe, expect, it } from 'vitest'
import { memoryFiles } from '../../../test/support/memory-files.ts'
import { type Py, pyCall, pyGet, pyGlobal, pyOrderedDict, pyPut, pyRaw, pyTuple } from '../../../test/support/pickle-file.ts'
import { rebuildTensor, storageId, type TorchValue, torchZip } from '../../../test/support/torch-file.ts'
import { CheckpointError } from '../../errors.ts'
import { tensor } from '../../tensor/tensor.ts'
import { readTensorFile } from '../tensor-file.ts'

const w = tensor('float32', [2])
const v = tensor('float32', [3])

async function namesOf(value: TorchValue): Promise<string[]> {
  const { tensors } = await readTensorFile(memoryFiles({ 'a.pt': torchZip(value) }), 'a.pt')
  return [...tensors.keys()]
}

async function messageOf(value: TorchValue): Promise<string> {
  const error: unknown = await namesOf(value).catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(CheckpointError)
  return (error as CheckpointError).message.replace('/memory/', '')
}

it.each<[string, TorchValue, string[]]>([
  ['a state dict', { 'conv.weight': w, 'conv.bias': v }, ['conv.weight', 'conv.bias']],
  ['nested dicts and lists', { unet: { up: [w, { down: v }] }, step: 3 }, ['unet.up.0', 'unet.up.1.down', 'step']],
  ['a list', [w, v, w], ['0', '1', '2']],
  ['a lone tensor', w, ['0']],
  ['an empty dict', {}, []],
  ['numbers and nothing else', { w, alpha: 4, scale: 0.5, text: 'x', flag: true, none: null }, ['w', 'alpha', 'scale']],
  ['state_dict', { state_dict: { a: w }, optimizer: { state: { 0: v } }, epoch: 3 }, ['a']],
  ['model_state_dict', { model_state_dict: { a: w }, ema: { a: v } }, ['a']],
  ['params', { params: { a: w }, params_ema: { a: v } }, ['a']],
  ['a state dict of parts', { state_dict: { unet: { a: w }, vae: { b: v } }, epoch: 1 }, ['unet.a', 'vae.b']],
  ['module', { module: { a: w }, buffer_names: ['x'] }, ['a']],
  ['state_dict in model', { model: { state_dict: { a: w } }, epoch: 3 }, ['a']],
  ['state_dict one level down', { checkpoint: { state_dict: { a: w } }, epoch: 3 }, ['a']],
  [
    'two models',
    { generator: { state_dict: { a: w } }, critic: { state_dict: { a: v } } },
    ['generator.state_dict.a', 'critic.state_dict.a'],
  ],
  ['a model beside another', { model: { a: w }, vae: { b: v } }, ['model.a', 'vae.b']],
  ['a module called model', { model: w, 'model.bias': v }, ['model', 'model.bias']],
  ['an empty state_dict', { state_dict: {}, other: { a: w } }, ['other.a']],
])('%s', async (_, value, names) => {
  expect(await namesOf(value)).toEqual(names)
})

it('gives numbers as 0-d float64 tensors', async () => {
  const { tensors } = await readTensorFile(memoryFiles({ 'a.pt': torchZip({ w, alpha: 4.5 }) }), 'a.pt')
  const { dtype, shape, data } = tensors.get('alpha')!
  expect([dtype, shape, [...new Float64Array(new Uint8Array(data!).buffer)]]).toEqual(['float64', [], [4.5]])
})

const storage = { name: 'archive/data/0', bytes: new Uint8Array(8) }
const view = () => rebuildTensor(storageId('FloatStorage', '0', 2), 0, [2], [1])
const withStorage = (value: Py) => torchZip(value, { change: (entries) => [...entries, storage] })
const read = async (value: Py) => {
  const { tensors } = await readTensorFile(memoryFiles({ 'a.pt': withStorage(value) }), 'a.pt')
  return [...tensors.keys()]
}
const refusal = async (value: Py) => {
  const error: unknown = await read(value).catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(CheckpointError)
  return (error as CheckpointError).message.replace('/memory/', '')
}

describe('foreign objects', () => {
  const foreign = pyGlobal('somewhere', 'Thing')

  it('are left out, with all that is inside of them', async () => {
    expect(
      await read({ w: view(), args: pyCall(foreign, [], { weight: view() }), call: pyCall(pyGlobal('os', 'system'), ['true']) }),
    ).toEqual(['w'])
  })

  it('are read as dicts or lists where they are subclasses of those', async () => {
    const dict = pyRaw('csomewhere\nThing\n)R', 'X\x01\0\0\0a', view().opcodes, 's')
    const list = pyRaw('csomewhere\nThing\n)R', view().opcodes, 'a')
    expect(await read({ dict, list })).toEqual(['dict.a', 'list.0'])
    expect(await read({ state_dict: dict, epoch: 3 })).toEqual(['a'])
  })

  it('are refused where they stand for a tensor', async () => {
    expect(await refusal({ w: pyCall(foreign, [[pyTuple(view(), 1)]]) })).toBe(
      'a.pt: tensor w is what somewhere.Thing would return, and Kinora runs no code of a file: save it as a plain dense tensor',
    )
    expect(await refusal({ q: pyCall(pyGlobal('torch._utils', '_rebuild_qtensor'), []) })).toContain(
      'tensor q is what torch._utils._rebuild_qtensor',
    )
    expect(await refusal({ w: rebuildTensor(pyTuple('storage', pyGlobal('os', 'system'), '0', 'cpu', 2), 0, [2], [1]) })).toBe(
      "a.pt: a tensor has as its storage class os.system, and Kinora runs no code of a file: save plain tensors, the model's state_dict()",
    )
  })

  it('are named when there is nothing else', async () => {
    expect(await refusal(pyCall(pyGlobal('os', 'system'), ['true']))).toBe(
      'a.pt holds no tensors that can be read without running Python code (it asks for os.system): ' +
        "save the model's state_dict(), not the model itself",
    )
    expect(await messageOf('hello')).toBe('a.pt holds hello, not tensors')
  })
})

describe('hostile shapes of a file', () => {
  it('refuses names held twice', async () => {
    expect(await messageOf({ 'a.b': w, a: { b: v } })).toContain('a.pt names a.b twice')
    expect(
      await refusal(
        new Map<Py, Py>([
          [0, view()],
          ['0', view()],
        ]),
      ),
    ).toContain('a.pt names 0 twice')
  })

  it('refuses values that hold themselves', async () => {
    const cycle = pyRaw('}q\x07X\x04\0\0\0selfh\x07s')
    expect(await refusal({ w: view(), cycle })).toContain('a.pt has at cycle.self a value that holds itself')
    const list = pyRaw(']q\x07h\x07a')
    expect(await refusal({ state_dict: { w: view(), list } })).toContain('a.pt has at list.0 a value that holds itself')
  })

  it('refuses nesting without end', async () => {
    let deep: Py = view()
    for (let i = 0; i < 40; i++) deep = { a: deep }
    expect(await refusal(deep)).toContain('a.pt nests values deeper than 32 at a.a.a.')
  })

  it('stops at a billion names out of a few shared dicts', async () => {
    let laughs: Py = pyPut(0, { a: view(), b: view() })
    for (let i = 1; i < 30; i++) laughs = pyPut(i, pyTuple(laughs, pyGet(i - 1)))
    const start = performance.now()
    expect(await refusal([laughs])).toContain('a.pt lists more than 100000 values')
    const empty = pyRaw(')', '2\x86'.repeat(30))
    expect(await refusal([view(), empty])).toContain('a.pt lists more than 100000 values')
    expect(performance.now() - start).toBeLessThan(5000)
  })

  it('looks once into what many dicts share', async () => {
    const start = performance.now()
    const keys = pyRaw('}(', ...Array.from({ length: 20_000 }, () => Buffer.from(`)\x85N`, 'latin1')), 'u')
    const shared = pyPut(0, pyRaw('}(', ...Array.from({ length: 20_000 }, (_, i) => Buffer.from(`I${i}\nN`)), 'u'))
    const sharing = Array.from({ length: 5000 }, (_, i) => [`${i}`, { state_dict: i === 0 ? shared : pyGet(0) }] as const)
    expect(await refusal({ w: view(), ...Object.fromEntries(sharing) })).toContain('a.pt lists more than 100000 values')
    const tuples = Array.from({ length: 5000 }, (_, i) => (i === 0 ? pyPut(0, keys) : pyGet(0)))
    expect(await refusal([view(), tuples])).toContain('a.pt lists more than 100000 values')
    expect(performance.now() - start).toBeLessThan(5000)
  })

  it('stops at names without end', async () => {
    expect(await refusal({ ['x'.repeat(5000)]: view() })).toContain('a.pt has a name of more than 4096 characters')
    const shared = pyPut(0, Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`${i}`, 1])))
    const many = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`${i}${'y'.repeat(4000)}`, i === 0 ? shared : pyGet(0)]))
    expect(await refusal(pyOrderedDict({ ...many, w: view() }))).toContain('a.pt has names of more than 33554432 characters in all')
  })
})
