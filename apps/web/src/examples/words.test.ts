import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { anyScene, BACKGROUNDS, COLORS, hasSize, isVisible, MOTIONS, promptOf, type Scene, SHAPES, SHOWN_MOTIONS, SIZES } from './words.ts'

const file = fileURLToPath(import.meta.resolve('@kinora/demo-model/checkpoint/tokenizer/vocab.json'))
const TOKENS = new Set(Object.keys(JSON.parse(readFileSync(file, 'utf8')) as Record<string, number>))

const SCENE: Scene = { size: 'big', color: 'red', shape: 'circle', motion: 'falling', background: 'navy' }

/** Words of a prompt that the demo model would have to spell. */
const unknown = (prompt: string) => prompt.split(' ').filter((word) => !TOKENS.has(`${word}</w>`))

describe('words of the demo model', () => {
  test('each is a token of its own, and words that it was not taught are not', () => {
    const words = [SIZES, COLORS, SHAPES, BACKGROUNDS, MOTIONS.sure, MOTIONS.unsure, MOTIONS.unlearned].flat()
    expect(unknown(words.join(' '))).toEqual([])
    expect(unknown('a horse galloping')).toEqual(['horse', 'galloping'])
  })

  test('make a sentence of its language, without a size where the size changes', () => {
    expect(promptOf(SCENE)).toBe('a big red circle falling on a navy background')
    expect(promptOf({ ...SCENE, motion: 'growing' })).toBe('a red circle growing on a navy background')
    expect(promptOf({ ...SCENE, size: undefined, color: 'orange' })).toBe('the orange circle falling on a navy background')
  })

  test('drawn scenes can be seen, are known word for word, and use every motion that works', () => {
    const scenes = Array.from({ length: 500 }, () => anyScene())
    expect(scenes.every(isVisible)).toBe(true)
    expect(scenes.filter(({ motion, size }) => !hasSize(motion) && size !== undefined)).toEqual([])
    expect(scenes.flatMap((scene) => unknown(promptOf(scene)))).toEqual([])
    expect(new Set(scenes.map(({ motion }) => motion))).toEqual(new Set(SHOWN_MOTIONS))
  })

  test('a white scene on white is drawn again', () => {
    const first = [0, 0, 0.99, 0, 0.5] // growing: no size is drawn; white circle, then white
    let at = 0
    const scene = anyScene(() => [0, 0.99, 0, 0.5, ...first][at++]!)
    expect(isVisible(scene)).toBe(true)
    expect(at).toBeGreaterThan(4)
  })
})
