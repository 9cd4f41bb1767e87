// Prompts to evaluate with: scenes drawn at random over everything the checkpoint was taught, the same ones every time.
import { BACKGROUNDS, COLORS, isVisible, MOTIONS, names, type Scene, SHAPES, SIZES } from '../test/measure/vocabulary.ts'

/** Deterministic numbers in [0, 1): mulberry32. */
function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

/** `count` visible scenes; every motion comes equally often. */
export function drawScenes(count: number, seed: number): Scene[] {
  const next = random(seed)
  const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)]!
  const motions = names(MOTIONS)
  const scenes: Scene[] = []
  while (scenes.length < count) {
    const motion = motions[scenes.length % motions.length]!
    const size = motion === 'grow' || motion === 'shrink' ? 'medium' : pick(names(SIZES))
    const scene = { motion, size, color: pick(names(COLORS)), shape: pick(names(SHAPES)), background: pick(names(BACKGROUNDS)) }
    if (isVisible(scene)) scenes.push(scene)
  }
  return scenes
}
