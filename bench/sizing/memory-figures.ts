// The memory of every clip on the page, which takes seconds to work out; kept in docs/numbers/memory.json.

import { type Clip, cpuBytes, type GpuBytes, gpuBytes, withFiles } from './memory.ts'

export interface MemoryFigures {
  readonly clip: Clip
  readonly float32: number
  readonly int8: number
  readonly fused: GpuBytes
  readonly composed: GpuBytes
}

export const CLIPS: readonly Clip[] = [
  { frames: 16, height: 256, width: 256 },
  { frames: 24, height: 320, width: 576 },
  { frames: 64, height: 256, width: 256 },
  { frames: 200, height: 256, width: 256 },
]

export async function memoryFigures(clips: readonly Clip[]): Promise<MemoryFigures[]> {
  const cpu = await withFiles('float32', (files) =>
    clips.map((clip) => ({ clip, float32: cpuBytes(files, clip, 'float32'), int8: cpuBytes(files, clip, 'int8') })),
  )
  const gpu = await withFiles('float16', (files) =>
    clips.map((clip) => ({ fused: gpuBytes(files, clip, true), composed: gpuBytes(files, clip, false) })),
  )
  return cpu.map((figures, i) => ({ ...figures, ...gpu[i]! }))
}
