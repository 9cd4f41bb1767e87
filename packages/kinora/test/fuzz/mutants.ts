// Damaged and hostile checkpoint files without end, as fast-check arbitraries: real files of every format
// with a few bytes changed, cut, moved or repeated where it hurts, and pickles of random opcodes.

import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { encodeSafetensors } from '../../src/tensor/safetensors.ts'
import { tensor } from '../../src/tensor/tensor.ts'
import { pickle, pyRaw, uint32 } from '../support/pickle-file.ts'
import { fixture } from '../support/safetensors.ts'
import { StridedTensor, torchLegacy, torchZip } from '../support/torch-file.ts'

const base = tensor(
  'float32',
  [4, 3],
  Float32Array.from({ length: 12 }, (_, i) => i),
)
const SAMPLE = {
  'conv.weight': base,
  'conv.bias': tensor('float16', [5]),
  transposed: new StridedTensor(base, [3, 4], [1, 3]),
  expanded: new StridedTensor(base, [7, 2], [0, 1], 3),
  nested: { alpha: 4.5, list: [tensor('int64', []), tensor('bool', [2])] },
}

const CORPUS: readonly Uint8Array[] = [
  new Uint8Array(
    Buffer.concat(encodeSafetensors({ a: base, 'b.weight': tensor('bfloat16', [5]), c: tensor('uint8', [0, 3]) }, { format: 'pt' })),
  ),
  torchZip(SAMPLE),
  torchZip(SAMPLE, { deflated: true }),
  torchZip(SAMPLE, { zip64: true, descriptors: false }),
  torchLegacy(SAMPLE),
  ...['zip.pt', 'legacy.pt', 'protocol-5.pt', 'lightning.ckpt', 'list.pt', 'sparse.pt', 'unread-types.pt'].map(
    (name) => new Uint8Array(readFileSync(fixture(`torch/${name}`))),
  ),
]

/** Bytes that change the meaning of what follows: opcodes, counts, sizes and marks of the formats. */
const PIECES: readonly Uint8Array[] = [
  // Opcodes of pickles
  ...'()]}tRbsuae012.QN\x81\x85\x86\x87\x93\x94'.split(''),
  'h\x01',
  'q\x01',
  'j\xff\xff\xff\xff',
  'r\xff\xff\xff\xff',
  'K\xff',
  'J\xff\xff\xff\xff',
  'J\xff\xff\xff\x7f',
  '\x8a\x08\0\0\0\0\0\0\0\x7f',
  'X\xff\xff\xff\xff',
  '\x8b\xff\xff\xff\x7f',
  '\x95\xff\xff\xff\xff\xff\xff\xff\xff',
  'cos\nsystem\n',
  'ctorch._utils\n_rebuild_tensor_v2\n',
  // Sizes, and the marks of zip
  '\0',
  '\0\0\0\0',
  '\xff\xff\xff\xff',
  '\xff\xff\xff\xff\xff\xff\xff\xff',
  '\xff\xff\xff\x7f',
  'PK\x03\x04',
  'PK\x01\x02',
  'PK\x05\x06',
  'PK\x06\x06',
  // JSON
  '{',
  '"',
  '1e400',
  '[',
  '9007199254740993',
  '-1',
].map((text) => new Uint8Array(Buffer.from(text, 'latin1')))

interface Mutation {
  kind: 'set' | 'number' | 'overwrite' | 'insert' | 'remove' | 'repeat' | 'copy'
  /** Where, as a share of the file's length. */
  at: number
  /** The other place of a copy. */
  to: number
  length: number
  piece: Uint8Array
  byte: number
}

/** Headers, pickles and directories lie at both ends, so these are hit more often. */
const share = fc.noBias(fc.nat(999_999).map((value) => value / 1e6))
const place = fc.oneof(
  share,
  share.map((value) => value * 0.4),
  share.map((value) => 0.9 + value * 0.1),
)

const mutation: fc.Arbitrary<Mutation> = fc.record({
  kind: fc.constantFrom('set', 'number', 'number', 'overwrite', 'insert', 'remove', 'repeat', 'copy'),
  at: place,
  to: place,
  length: fc.oneof(fc.integer({ min: 1, max: 16 }), fc.integer({ min: 1, max: 2000 })),
  piece: fc.constantFrom(...PIECES),
  byte: fc.integer({ min: 0, max: 255 }),
})

function mutate(file: Uint8Array, { kind, at, to, length, piece, byte }: Mutation): Uint8Array {
  const start = Math.floor(at * file.length)
  const end = Math.min(file.length, start + length)
  const part = file.subarray(start, end)
  const splice = (from: number, until: number, ...between: Uint8Array[]) =>
    new Uint8Array(Buffer.concat([file.subarray(0, from), ...between, file.subarray(until)]))
  if (kind === 'set') return start < file.length ? file.with(start, byte) : file
  if (kind === 'number') return changeNumber(file, start, byte)
  if (kind === 'overwrite') return splice(start, Math.min(file.length, start + piece.length), piece)
  if (kind === 'insert') return splice(start, start, piece)
  if (kind === 'remove') return splice(start, end)
  if (kind === 'repeat') return splice(start, end, ...Array<Uint8Array>(Math.min(50, Math.ceil(4000 / length))).fill(part))
  const target = Math.floor(to * file.length)
  return splice(target, Math.min(file.length, target + part.length), part)
}

/** The next one-byte integer of a pickle, which may be a size, stride, offset or count, becomes another. */
function changeNumber(file: Uint8Array, from: number, value: number): Uint8Array {
  const at = file.indexOf(0x4b, from)
  return at < 0 || at + 1 >= file.length ? file : file.with(at + 1, value % 9)
}

const mutations = fc.oneof(fc.array(mutation, { minLength: 1, maxLength: 2 }), fc.array(mutation, { minLength: 1, maxLength: 6 }))
const cut = fc.oneof({ weight: 5, arbitrary: fc.constant(1) }, { weight: 1, arbitrary: share })

const damaged = fc.tuple(fc.constantFrom(...CORPUS), mutations, cut).map(([file, changes, kept]) => {
  const changed = changes.reduce(mutate, file)
  return changed.subarray(0, Math.ceil(kept * changed.length))
})

/** Damage to the pickle alone, in an archive that is fine. */
const damagedPickles = fc.tuple(mutations, fc.boolean(), fc.boolean()).map(([changes, deflated, zip64]) =>
  torchZip(SAMPLE, {
    deflated,
    zip64,
    change: ([first, ...rest]) => [{ ...first!, bytes: changes.reduce(mutate, first!.bytes) }, ...rest],
  }),
)

/** Opcodes with arguments, mostly well formed, so that programs run for a while. */
const opcode = fc.oneof(
  fc.constantFrom(...PIECES),
  fc.nat(40).map((index) => new Uint8Array([0x68, index])),
  fc.nat(40).map((index) => new Uint8Array([0x71, index])),
  fc.nat(255).map((value) => new Uint8Array([0x4b, value])),
  fc
    .string({ maxLength: 5 })
    .map((text) => new Uint8Array(Buffer.concat([Buffer.from('X'), uint32(Buffer.byteLength(text)), Buffer.from(text)]))),
  fc.constantFrom('storage', 'FloatStorage', '0', 'cpu', 'state_dict').map((text) => pickle(text).subarray(2, -1)),
  fc
    .constantFrom('ctorch\nFloatStorage\n', 'ccollections\nOrderedDict\n', 'ctorch\nSize\n')
    .map((text) => new Uint8Array(Buffer.from(text))),
)

const programs = fc.tuple(fc.array(opcode, { maxLength: 120 }), fc.boolean()).map(([opcodes, legacy]) => {
  // Under a valid value, so that a program which only litters the stack is read to the end.
  const value = { w: base, program: [pyRaw('(', ...opcodes, 'l')] }
  return legacy ? torchLegacy(value) : torchZip(value)
})

/** A checkpoint file, most often a bad one. */
export const mutants: fc.Arbitrary<Uint8Array> = fc.oneof(
  { weight: 3, arbitrary: damaged },
  { weight: 2, arbitrary: damagedPickles },
  { weight: 1, arbitrary: programs },
)
