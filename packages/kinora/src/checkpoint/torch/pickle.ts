// Python's pickle format without Python: the values of one pickle as plain data. A pickle is a program
// for a stack machine; this machine has no way to import, call or run anything that the file names.

import { Machine } from './machine.ts'
import { act } from './opcodes.ts'
import { PickleBytes } from './pickle-bytes.ts'
import type { PyValue } from './values.ts'

const STOP = 0x2e

/** A pickle holds no tensor data, so a checkpoint's has a few MB at most. */
export const MAX_PICKLE_BYTES = 64 * 2 ** 20

export interface Unpickled {
  readonly value: PyValue
  /** Position after the pickle. */
  readonly end: number
  /** Some of what the file wanted to call and was not run, for messages. */
  readonly notRun: readonly string[]
}

/**
 * Reads the pickle that begins at `start`. `persistentLoad` gives the values that the file keeps outside of the pickle. Throws
 * CutShort when the bytes end first, CheckpointError when the pickle is damaged or takes too much memory.
 */
export function unpickle(
  bytes: Uint8Array,
  start: number,
  file: string,
  persistentLoad: (id: PyValue, bytes: PickleBytes) => PyValue,
): Unpickled {
  const input = new PickleBytes(bytes, start, file)
  const machine = new Machine(input, (id) => persistentLoad(id, input))
  for (let opcode = input.uint8(); opcode !== STOP; opcode = input.uint8()) act(opcode, machine)
  return { value: machine.pop(), end: input.at, notRun: [...machine.notRun] }
}
