// A start of Kinora with a stop watch inside, in a process of its own so that importing is measured too.
// It goes the way of `kinora generate` up to the first step of the UNet and prints one JSON object.

import type { BenchOptions } from './options.ts'
import type { InsideStart } from './startup.ts'

const node = performance.now() // counts from the start of the process

class Reached extends Error {}

const { loadOptions } = await import('./library.ts')
const { ObservedPipeline } = await import('./observed.ts')
const { TEXTS } = await import('./text.ts')
const imported = performance.now()

const options = JSON.parse(process.argv[2] ?? '') as BenchOptions
const beforeRun = (slot: string): void => {
  if (slot === 'unet') throw new Reached()
}
const bench = await ObservedPipeline.open(options.checkpoint, loadOptions(options), { beforeRun })
const opened = performance.now()
const { frames, height, width, guidance } = options
const size = { numFrames: frames, height, width, numInferenceSteps: 25, guidanceScale: guidance, seed: 0 }
try {
  await bench.denoise({ prompt: TEXTS[0], ...size }).next()
} catch (error) {
  if (!(error instanceof Reached)) throw error
}
const result: InsideStart = {
  nodeSeconds: node / 1000,
  importSeconds: (imported - node) / 1000,
  openSeconds: (opened - imported) / 1000,
  spans: bench.spans,
  totalSeconds: performance.now() / 1000,
}
await bench.dispose()
console.log(JSON.stringify(result))
