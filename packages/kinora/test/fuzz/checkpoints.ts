// Reads a great many damaged files and reports: `node --conditions=kinora-dev packages/kinora/test/fuzz/checkpoints.ts [count] [seed]`.
// Fails when one crashes the reader, takes over a second, or when memory grows by more than 256 MiB.

import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { mutants } from './mutants.ts'
import { survives } from './survives.ts'

const MAX_MILLISECONDS = 1000
const MAX_GROWTH_MIB = 256

const count = Number(process.argv[2] ?? 100_000)
const seed = Number(process.argv[3] ?? Date.now() % 2 ** 31)

const start = performance.now()
const startMiB = process.memoryUsage().rss / 2 ** 20
let done = 0
let read = 0
let bytes = 0
let slowest = 0

async function check(file: Uint8Array): Promise<void> {
  let { read: wasRead, milliseconds } = await survives(file)
  // A busy machine may stop the process for a while; a slow file is slow again.
  if (milliseconds > MAX_MILLISECONDS) milliseconds = (await survives(file)).milliseconds
  if (milliseconds > MAX_MILLISECONDS) throw new Error(`took ${milliseconds} ms`)
  done++
  read += Number(wasRead)
  bytes += file.length
  slowest = Math.max(slowest, milliseconds)
}

const result = await fc.check(fc.asyncProperty(mutants, check), { numRuns: count, seed })
const grownMiB = process.resourceUsage().maxRSS / 1024 - startMiB
console.log(
  `${done} files (seed ${seed}), ${(bytes / 2 ** 20).toFixed(0)} MiB in ${((performance.now() - start) / 1000).toFixed(0)} s: ` +
    `${read} read, ${done - read} refused; slowest ${slowest.toFixed(0)} ms, memory grew by ${grownMiB.toFixed(0)} MiB at most`,
)
if (result.failed) {
  const [file = new Uint8Array(0)] = result.counterexample ?? []
  const kept = path.join(tmpdir(), `kinora-fuzz-${seed}.bin`)
  writeFileSync(kept, file)
  console.error(`${String(result.errorInstance)}\nthe file is ${kept}`)
  process.exitCode = 1
}
if (grownMiB > MAX_GROWTH_MIB) {
  console.error(`memory grew by more than ${MAX_GROWTH_MIB} MiB`)
  process.exitCode = 1
}
