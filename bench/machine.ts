// What the machine is and what a process tree occupies, from Linux's /proc. Elsewhere the CPU comes
// from node:os without its flags, and memory reads as 0.

import { readFileSync } from 'node:fs'
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os'

export interface Machine {
  cpu: string
  /** Instruction sets that decide which kernels run. */
  flags: string[]
  cores: number
  memoryBytes: number
  /** Processes that wanted to run in the last minute; well above 0 before a run, its times mean little. */
  load: number
}

const FLAGS = ['avx2', 'avx512f', 'avx_vnni', 'avx512_vnni', 'avx512_bf16', 'amx_int8', 'amx_bf16', 'asimddp', 'i8mm', 'bf16']

export function describeMachine(): Machine {
  const present = new Set((/^(?:flags|Features)\s*:\s*(.*)$/m.exec(read('/proc/cpuinfo'))?.[1] ?? '').split(' '))
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    flags: FLAGS.filter((flag) => present.has(flag)),
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    load: loadavg()[0] ?? 0,
  }
}

/** What the figures depend on, for a table: maker and clock, cores, and the instruction sets beyond AVX2. */
export function cpuKind({ cpu, flags, cores }: Pick<Machine, 'cpu' | 'flags' | 'cores'>): string {
  const name = cpu
    .replaceAll(/\((?:R|TM)\)|\b(?:Processor|CPU)\b|@/gi, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
  const has = (flag: string): boolean => flags.includes(flag)
  const width = has('avx512f') ? 'AVX-512' : has('avx2') ? 'AVX2' : has('asimddp') ? 'NEON' : 'no vector flags known'
  const sets = { VNNI: ['avx512_vnni', 'avx_vnni'], BF16: ['avx512_bf16', 'bf16'], AMX: ['amx_int8', 'amx_bf16'], I8MM: ['i8mm'] }
  const further = Object.entries(sets).flatMap(([set, names]) => (names.some(has) ? [set] : []))
  return `${name}, ${cores} cores, ${[width, ...further].join(' ')}`
}

/** Bytes of a process and all its descendants. */
export interface Memory {
  /** Sum of each process's own high-water mark, mapped weight files included. */
  peak: number
  resident: number
  /** Resident without the pages of files. */
  private: number
}

function processMemory(pid: number): Memory {
  const status = read(`/proc/${pid}/status`)
  const bytes = (field: string): number => 1024 * Number(new RegExp(`^${field}:\\s*(\\d+)`, 'm').exec(status)?.[1] ?? 0)
  const total = { peak: bytes('VmHWM'), resident: bytes('VmRSS'), private: bytes('RssAnon') }
  for (const child of read(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean)) {
    const memory = processMemory(Number(child))
    total.peak += memory.peak
    total.resident += memory.resident
    total.private += memory.private
  }
  return total
}

/** Follows a process tree, whose root may be another one after a while, until stopped; answers the largest sums seen and the high-water marks. */
export function watchMemory(root: () => number | undefined, intervalMs = 200): { stop(): Memory } {
  const largest = { peak: 0, resident: 0, private: 0 }
  const look = (): void => {
    const now = processMemory(root() ?? 0)
    largest.peak = Math.max(largest.peak, now.peak)
    largest.resident = Math.max(largest.resident, now.resident)
    largest.private = Math.max(largest.private, now.private)
  }
  const timer = setInterval(look, intervalMs)
  return {
    stop() {
      clearInterval(timer)
      look()
      return largest
    },
  }
}

/** '' when the file is not there: another system, or a process that has just ended. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
