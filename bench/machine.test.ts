import { expect, test } from 'vitest'
import { cpuKind, describeMachine } from './machine.ts'

test.each([
  ['Intel(R) Xeon(R) Processor @ 2.80GHz', ['avx2', 'avx512f', 'avx512_vnni'], 'Intel Xeon 2.80GHz, 2 cores, AVX-512 VNNI'],
  ['AMD EPYC 7763 64-Core Processor', ['avx2'], 'AMD EPYC 7763 64-Core, 2 cores, AVX2'],
  ['Neoverse-N1', ['asimddp', 'i8mm', 'bf16'], 'Neoverse-N1, 2 cores, NEON BF16 I8MM'],
  ['unknown', [], 'unknown, 2 cores, no vector flags known'],
])('%s %s', (cpu, flags, kind) => {
  expect(cpuKind({ cpu, flags, cores: 2 })).toBe(kind)
})

test('this machine has a name', () => {
  expect(cpuKind(describeMachine())).toMatch(/^\S.*, \d+ cores, \S/)
})
