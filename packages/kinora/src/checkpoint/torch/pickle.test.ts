// The stack machine: pickles that CPython 3.11 wrote in every protocol, opcodes of older Pythons, and
// calls that are not made.

import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { readJson } from '../../../test/support/json.ts'
import { pickle, pyCall, pyGlobal, pyRaw, uint32 } from '../../../test/support/pickle-file.ts'
import { unpickle } from './pickle.ts'
import { PyGlobal, PyObject, type PyValue } from './values.ts'

const bytes = (...parts: (string | Uint8Array)[]) =>
  new Uint8Array(Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part))))

const read = (data: Uint8Array) => unpickle(data, 0, 'unet.bin', (id) => id).value
const readBase64 = (text: string) => read(new Uint8Array(Buffer.from(text, 'base64')))

/** Maps as objects, foreign objects as what was called and what they hold. */
function plain(value: PyValue): unknown {
  if (value instanceof Map)
    return Object.fromEntries([...value].map(([key, item]) => [typeof key === 'string' ? key : JSON.stringify(key), plain(item)]))
  if (value instanceof PyGlobal) return value.path
  if (value instanceof PyObject) return { called: plain(value.callable), items: plain(value.items), list: plain(value.list) }
  return Array.isArray(value) ? value.map(plain) : value
}

describe('pickles of CPython', () => {
  const { bytes: binary, ...pickles } = readJson<Record<string, string> & { bytes: Record<string, string> }>('torch/pickles.json')

  const large = [2n ** 70n, -(2n ** 70n), 2n ** 2100n]

  it.each(Object.entries(pickles))('protocol %s', (protocol, text) => {
    const value = plain(readBase64(text)) as Record<string, unknown>
    expect(value).toMatchObject({
      constants: [null, true, false],
      integers: [0, 1, -1, 255, 256, 65535, 65536, -70000, 2 ** 31 - 1, -(2 ** 31), 2 ** 31, -(2 ** 40), 2 ** 53 - 1, ...large],
      floats: [0.5, -1e300, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
      text: ['', 'plain', 'é中😀', 'line\nand \\ back', 'x'.repeat(300)],
      tuples: [[], [1], [1, 2], [1, 2, 3], [1, 2, 3, 4]],
      nested: { list: [[], [1, [2]]], dict: {}, 1: 'one' },
      ordered: { b: 1, a: 2 },
      shared: [[1], [1]],
    })
    expect(Object.keys(value.ordered as object)).toEqual(['b', 'a'])
    // Protocols 0 and 1 copy what a subclass of dict or list holds into the call that makes it.
    if (Number(protocol) >= 2) expect(value).toMatchObject({ table: { items: { a: 1 } }, row: { list: [1, 2] } })
    const { called } = value.thing as { called: string }
    expect(['elsewhere.Thing', 'copyreg._reconstructor', 'copy_reg._reconstructor']).toContain(called)
  })

  it.each(Object.entries(binary))('bytes and sets of protocol %s', (_, text) => {
    const value = readBase64(text)
    const filled = new Uint8Array(300).fill(0x78)
    expect(value).toMatchObject([new Uint8Array([0, 255]), filled, {}, [1], [2]])
  })

  it('keeps shared values one and the same', () => {
    const [first, second] = (readBase64(pickles['2']!) as Map<string, PyValue[]>).get('shared')!
    expect(first).toBe(second)
  })
})

describe('opcodes of older Pythons', () => {
  it.each<[string, Uint8Array, unknown]>([
    ['I01 and I00', bytes('(I01\nI00\nI-5\nt.'), [true, false, -5]],
    ['long lines', bytes('(L12L\nL-3L\nL99999999999999999999\nt.'), [12, -3, 99999999999999999999n]],
    ['float lines', bytes('(F1.5\nF-inf\nF1e3\nt.'), [1.5, Number.NEGATIVE_INFINITY, 1000]],
    ['quoted strings', bytes("(S'a\\n\\x41\\''\nS\"b\"\nt."), ["a\nA'", 'b']],
    ['unicode lines', bytes('(V\\u4e2d\\U0001f600\xe9\nt.'), ['中😀é']],
    ['byte strings that are text', bytes('(U\x02abT', uint32(3), 'cdet.'), ['ab', 'cde']],
    ['byte strings that are not', bytes('U\x02\xff\xfe.'), new Uint8Array([255, 254])],
    ['DICT and LIST', bytes('(S"a"\n(I1\nI2\nld.'), { a: [1, 2] }],
    ['text memo', bytes('(lp3\nI1\nag3\n\x86.'), [[1], [1]]],
    ['INST', bytes('(I1\nios\nsystem\n.'), { called: 'os.system', items: {}, list: [] }],
    ['OBJ', bytes('(cos\nsystem\nI1\no.'), { called: 'os.system', items: {}, list: [] }],
    ['a persistent id in text', bytes('Pstorage 7\n.'), 'storage 7'],
    ['POP of a mark', bytes('I7\n(0.'), 7],
    ['POP_MARK', bytes('I7\n(I1\nI2\n1.'), 7],
    ['DUP', bytes('I7\n2\x86.'), [7, 7]],
    ['OrderedDict of pairs', pickle(pyCall(pyGlobal('collections', 'OrderedDict'), [[['a', 1]]])), { a: 1 }],
    ['an integer of no bytes', bytes('\x8a\x00.'), 0],
  ])('%s', (_, data, expected) => {
    expect(plain(read(data))).toEqual(expected)
  })
})

describe('nothing runs', () => {
  it('a call of os.system is a value that says so', () => {
    const victim = path.join(tmpdir(), `kinora-pickle-${process.pid}`)
    const attempts = [
      pyCall(pyGlobal('os', 'system'), [`touch ${victim}`]),
      pyCall(pyGlobal('builtins', 'eval'), [`open(${JSON.stringify(victim)}, 'w')`]),
      pyCall(pyCall(pyGlobal('builtins', 'getattr'), [pyGlobal('os', 'path'), 'system']), [`touch ${victim}`]),
      pyCall(pyGlobal('subprocess', 'Popen'), [['touch', victim]], { shell: true }),
      pyRaw('(', Buffer.from(`S'touch ${victim}'\n`), 'iposix\nsystem\n'),
    ]
    const { value, notRun } = unpickle(pickle(attempts), 0, 'unet.bin', (id) => id)
    expect((value as PyObject[]).every((item) => item instanceof PyObject)).toBe(true)
    expect(notRun).toEqual(['os.system', 'builtins.eval', 'builtins.getattr', 'subprocess.Popen', 'posix.system'])
    expect(existsSync(victim)).toBe(false)
  })

  it('names of JavaScript are only names', () => {
    const before = Object.getOwnPropertyNames(Object.prototype)
    const dict = read(
      pickle(
        new Map([
          ['__proto__', { polluted: true }],
          ['constructor', { prototype: { polluted: true } }],
        ]),
      ),
    )
    const called = read(
      pickle(['constructor', 'toString', '__proto__'].map((name) => pyCall(pyGlobal('Object', name), ['return process']))),
    )
    expect([...(dict as Map<string, PyValue>).keys()]).toEqual(['__proto__', 'constructor'])
    expect((called as PyObject[]).every((item) => item instanceof PyObject)).toBe(true)
    expect('polluted' in {}).toBe(false)
    expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before)
  })
})
