// A full-size checkpoint without its weights: the headers are real, the tensors are holes in the files that take no room on the disk.
// Enough for everything that asks for names and shapes, such as the library's memory plan; nothing can be generated with it.

import { closeSync, cpSync, ftruncateSync, mkdirSync, mkdtempSync, openSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { COMPONENTS, CONFIG_FILES, fullSizeShapes, TOKENIZER_FOLDER } from '../full-size.ts'

const TYPES = { float32: { name: 'F32', bytes: 4 }, float16: { name: 'F16', bytes: 2 } } as const

/** The folder, which the caller removes. */
export function writeSparseCheckpoint(dtype: keyof typeof TYPES): string {
  const folder = mkdtempSync(join(tmpdir(), 'kinora-sparse-'))
  for (const [path, value] of Object.entries(CONFIG_FILES)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), JSON.stringify(value))
  }
  cpSync(TOKENIZER_FOLDER, join(folder, 'tokenizer'), { recursive: true })
  for (const { name, file } of COMPONENTS) writeHoles(join(folder, name, `${file}.safetensors`), fullSizeShapes(name), TYPES[dtype])
  return folder
}

function writeHoles(path: string, shapes: Readonly<Record<string, readonly number[]>>, type: { name: string; bytes: number }): void {
  let offset = 0
  const tensors = Object.entries(shapes).map(([name, shape]) => {
    const from = offset
    offset += shape.reduce((product, size) => product * size, type.bytes)
    return [name, { dtype: type.name, shape, data_offsets: [from, offset] }] as const
  })
  const text = JSON.stringify(Object.fromEntries(tensors))
  const header = Buffer.from(text.padEnd(Math.ceil(text.length / 8) * 8))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(header.length))
  const file = openSync(path, 'w')
  writeSync(file, Buffer.concat([length, header]))
  ftruncateSync(file, 8 + header.length + offset)
  closeSync(file)
}
