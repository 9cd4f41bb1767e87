// Clips and measures for the media tests: a disc over a gradient, noise, and the difference of two
// clips in decibels.

import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Tensor, tensor } from '../../src/tensor/tensor.ts'

/** Pixels: 4:2:0 chroma cannot hold a sharper one, which would hide what the codec itself loses. */
const SOFT_EDGE = 8

/** [F, H, W, 3]: a disc of colour 240, 40, 40 crossing a smooth gradient. */
export function movingDisc(frames: number, height: number, width: number): Tensor<'float32'> {
  const clip = tensor('float32', [frames, height, width, 3])
  let at = 0
  for (let f = 0; f < frames; f++) {
    const centre = width * (0.25 + (0.5 * f) / Math.max(1, frames - 1))
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++, at += 3) {
        const outside = Math.hypot(x - centre, y - height / 2) - height / 4
        const disc = Math.min(1, Math.max(0, 0.5 - outside / SOFT_EDGE))
        const mix = (inner: number, outer: number) => (inner / 255) * disc + outer * (1 - disc)
        clip.data[at] = mix(240, 0.2 + (0.4 * x) / width)
        clip.data[at + 1] = mix(40, 0.2 + (0.4 * y) / height)
        clip.data[at + 2] = mix(40, 0.5)
      }
    }
  }
  return clip
}

/** One colour in 0..255 all over. */
export function flat(frames: number, height: number, width: number, colour: readonly [number, number, number]): Tensor<'float32'> {
  const clip = tensor('float32', [frames, height, width, 3])
  for (let at = 0; at < clip.data.length; at++) clip.data[at] = colour[at % 3]! / 255
  return clip
}

/** Incompressible frames, the same on every run. */
export function noise(frames: number, height: number, width: number): Tensor<'float32'> {
  const clip = tensor('float32', [frames, height, width, 3])
  let state = 1
  const size = height * width * 3
  for (let at = 0; at < size; at++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    clip.data[at] = state / 2 ** 32
  }
  // Later frames are the first one, turned by a few values.
  for (let f = 1; f < frames; f++) {
    const turn = (f * 101) % size
    clip.data.copyWithin(f * size, turn, size)
    clip.data.copyWithin((f + 1) * size - turn, 0, turn)
  }
  return clip
}

/** Peak signal-to-noise ratio over the top left part that both clips have. */
export function psnr(a: Tensor<'float32'>, b: Tensor<'float32'>): number {
  const [frames, height, width] = [0, 1, 2].map((axis) => Math.min(a.shape[axis]!, b.shape[axis]!)) as [number, number, number]
  const row = (clip: Tensor<'float32'>, f: number, y: number) => (f * clip.shape[1]! + y) * clip.shape[2]! * 3
  let error = 0
  for (let f = 0; f < frames; f++) {
    for (let y = 0; y < height; y++) {
      for (let i = 0; i < width * 3; i++) error += (a.data[row(a, f, y) + i]! - b.data[row(b, f, y) + i]!) ** 2
    }
  }
  return 10 * Math.log10((frames * height * width * 3) / error)
}

/** A request with everything that is hard on a text tag. */
export const REQUEST = {
  kinora: '0.1.0',
  prompt: '一只红色的球 says "hi" & <bye>;\n=#\\ 😀',
  seed: 7,
  nested: { lora: ['a', 0.5], none: null },
  long: 'é'.repeat(10_000),
}

/** Runs `use` in a fresh folder that is removed afterwards. */
export async function inFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'kinora-media-'))
  try {
    return await use(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Names of everything in a folder, hidden files too. */
export async function listing(folder: string): Promise<string[]> {
  return (await readdir(folder)).sort()
}

/** Encoder processes that this process (or `parent`) has started and that still run. Linux only. */
export async function encoderChildren(parent: number = process.pid): Promise<number[]> {
  const tasks = await readdir(`/proc/${parent}/task`).catch(() => [])
  const lists = await Promise.all(tasks.map((task) => readFile(`/proc/${parent}/task/${task}/children`, 'utf8').catch(() => '')))
  const pids = lists.join(' ').split(/\s+/).filter(Boolean).map(Number)
  const named = await Promise.all(pids.map(async (pid) => [pid, await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')] as const))
  return named.filter(([, line]) => /encoder-child|ffmpeg/.test(line)).map(([pid]) => pid)
}

/** Whether a process exists and is no zombie. Linux only. */
export async function isRunning(pid: number): Promise<boolean> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  return status !== '' && !/^State:\s+[ZX]/m.test(status)
}

/** Asks again every few milliseconds until the answer is true or `milliseconds` have passed. */
export async function eventually(question: () => Promise<boolean>, milliseconds: number): Promise<boolean> {
  const end = performance.now() + milliseconds
  while (performance.now() < end) {
    if (await question()) return true
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  return question()
}
