// Which type of 8-bit weights this CPU multiplies exactly. Without VNNI instructions, x64 adds products of
// uint8 and int8 in pairs of 16 bits, which overflow; uint8 by uint8 takes another way that does not.
// (ONNX Runtime's own switch for it, session.x64quantprecision, does not reach into the bodies of loops.)

import { readFileSync } from 'node:fs'

/** int8 where it is exact, uint8 elsewhere and where the system does not tell. */
export function int8Type(): 'int8' | 'uint8' {
  if (process.arch !== 'x64') return 'int8'
  return /\b(avx512_vnni|avx_vnni)\b/.test(cpuFlags()) ? 'int8' : 'uint8'
}

/** As Linux lists them; empty on other systems. */
export function cpuFlags(): string {
  try {
    return /^flags\s*:(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1] ?? ''
  } catch {
    return ''
  }
}
