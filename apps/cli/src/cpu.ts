// The CPU's vector extensions that decide how fast models run, where the system tells them without
// native code (Linux).

import { readFile } from 'node:fs/promises'

const NAMES: readonly (readonly [flag: string, name: string])[] = [
  ['avx2', 'AVX2'],
  ['avx512f', 'AVX-512'],
  ['avx512_vnni', 'AVX-512 VNNI'],
  ['avx_vnni', 'AVX-VNNI'],
  ['avx512_bf16', 'AVX-512 BF16'],
  ['amx_tile', 'AMX'],
  ['asimddp', 'NEON dot product'],
  ['i8mm', 'NEON i8mm'],
  ['bf16', 'NEON BF16'],
]

/** Undefined where the system does not tell. */
export async function vectorExtensions(path = '/proc/cpuinfo'): Promise<string[] | undefined> {
  const text = await readFile(path, 'utf8').catch(() => '')
  const flags = /^(?:flags|Features)\s*:\s*(.*)$/m.exec(text)?.[1]?.split(' ')
  return flags && NAMES.filter(([flag]) => flags.includes(flag)).map(([, name]) => name)
}
