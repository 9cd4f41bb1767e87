// What a pickle may not do, and how soon one stops that would fill the memory or never end.

import { describe, expect, it } from 'vitest'
import { pickle, pyCall, pyGet, pyGlobal, pyPut, uint32 } from '../../../test/support/pickle-file.ts'
import { CheckpointError } from '../../errors.ts'
import { unpickle } from './pickle.ts'
import { CutShort } from './pickle-bytes.ts'
import { PyObject } from './values.ts'

const bytes = (...parts: (string | Uint8Array)[]) =>
  new Uint8Array(Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part))))

const read = (data: Uint8Array) => unpickle(data, 0, 'unet.bin', (id) => id).value

function messageOf(data: Uint8Array): string {
  try {
    read(data)
  } catch (error) {
    expect(error).toBeInstanceOf(CheckpointError)
    return (error as CheckpointError).message
  }
  return 'no error'
}

describe('bad pickles', () => {
  it.each<[string, Uint8Array, string]>([
    ['an unknown opcode', bytes('\xff.'), 'has the opcode 0xff, which no PyTorch file uses,'],
    ['the extension registry', bytes('\x82\x01.'), 'has the opcode 0x82'],
    ['an outside buffer', bytes('\x97.'), 'has the opcode 0x97'],
    ['a newer protocol', bytes('\x80\x06N.'), 'is of protocol 6, newer than 5'],
    ['STOP with nothing', bytes('.'), 'takes a value from an empty stack'],
    ['POP below a mark', bytes('N(a.'), 'takes a value from an empty stack'],
    ['no mark', bytes('Nt.'), 'asks for a mark that was not set'],
    ['no such memo entry', bytes('h\x05.'), 'asks for memo entry 5, which was not stored'],
    ['a negative memo index', bytes('Np-1\n.'), 'has a memo index that is none'],
    ['items of a number', bytes('K\x01K\x02K\x03s.'), 'sets items of 1'],
    ['an append to text', bytes('X\x00\x00\x00\x00Na.'), 'appends to '],
    ['a key without a value', bytes('}(Nu.'), 'has a dict key without a value'],
    ['arguments that are no tuple', bytes('cos\nsystem\nNR.'), 'calls os.system with None in place of arguments'],
    ['a class name that is none', bytes('K\x01K\x02\x93.'), 'names a class by something else than strings'],
    ['an object of no class', bytes('(o.'), 'makes an object of no class'],
    ['text that is not UTF-8', bytes('\x8c\x01\xff.'), 'has a string that is not UTF-8'],
    ['a string without quotes', bytes('Sabc\n.'), 'has a string without quotes'],
    ['a number that is none', bytes('I12x\n.'), 'has the integer 12x'],
    ['a float that is none', bytes('F0x10\n.'), 'has the number 0x10'],
    ['an OrderedDict of a number', pickle(pyCall(pyGlobal('collections', 'OrderedDict'), [7])), 'makes an OrderedDict of 7'],
  ])('%s', (_, data, message) => {
    expect(messageOf(data)).toContain(`unet.bin: its pickle ${message}`)
  })

  it.each<[string, Uint8Array]>([
    ['no end', bytes('N')],
    ['text longer than the file', bytes('X', uint32(0xffffffff), 'abc.')],
    ['8-byte lengths', bytes('\x8d', new Uint8Array(8).fill(255), 'abc.')],
    ['a frame longer than the file', bytes('\x80\x04\x95\xff\xff\xff\xff\xff\xff\xff\x7fN.')],
    ['a line without end', bytes('cos\nsystem')],
    ['a huge integer that is not there', bytes('\x8b', uint32(0x7fffffff), '\x01.')],
  ])('cut short: %s', (_, data) => {
    expect(() => read(data)).toThrow(CutShort)
    expect(messageOf(data)).toBe('unet.bin: its pickle ends in the middle: the file is cut short or damaged; download it again')
  })

  it.each<[string, Uint8Array, string]>([
    ['an integer of a megabyte', bytes('\x8b', uint32(2 ** 20), new Uint8Array(2 ** 20).fill(1), '.'), 'has an integer of 1048576 bytes'],
    ['an integer of a million digits', bytes(`L${'9'.repeat(1e6)}L\n.`), 'has the integer 999'],
    ['millions of memo entries', bytes('N', '\x94'.repeat(2.2e6), '.'), 'builds values of more than 64 MiB'],
    ['dicts without end', bytes('}'.repeat(1e6), '.'), 'builds values of more than 64 MiB'],
    ['lists without end', bytes(']'.repeat(3e6), '.'), 'builds values of more than 64 MiB'],
    ['marks without end', bytes('('.repeat(2e7), '.'), 'builds values of more than 64 MiB'],
    ['a stack without end', bytes('N', '2'.repeat(2e7), '.'), 'builds values of more than 64 MiB'],
    ['dicts made of one long list', longListCalls(), 'builds values of more than 64 MiB'],
  ])('%s stops early', (_, data, message) => {
    const start = performance.now()
    expect(messageOf(data)).toContain(message)
    expect(performance.now() - start).toBeLessThan(5000)
  })

  /** OrderedDict called a thousand times with the same ten thousand pairs. */
  function longListCalls(): Uint8Array {
    const pairs = pyPut(
      0,
      Array.from({ length: 10_000 }, (_, i) => [i, null]),
    )
    return pickle([pairs, ...Array.from({ length: 1000 }, () => pyCall(pyGlobal('collections', 'OrderedDict'), [pyGet(0)]))])
  }

  it('nests as deep as the file says, without recursion', () => {
    const depth = 200_000
    expect(Array.isArray(read(bytes(']'.repeat(depth), 'a'.repeat(depth - 1), '.')))).toBe(true)
    expect(read(bytes(')', '\x85'.repeat(depth), '.'))).toHaveLength(1)
    const calls = bytes('cos\nsystem\n', ')R'.repeat(50_000), '.')
    expect(read(calls)).toBeInstanceOf(PyObject)
  })
})
