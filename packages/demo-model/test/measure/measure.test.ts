// The measure itself, on videos drawn to be exactly what their captions say: it must accept every true prompt and
// reject every prompt that is wrong in one word. Only then does its verdict on generated videos mean anything.
import { describe, expect, test } from 'vitest'
import { tensor } from '../../../kinora/src/tensor/tensor.ts'
import { agrees, type Expectation, parsePrompt } from './expectation.ts'
import { measureVideo } from './measure.ts'
import { nameMotion, trend } from './motion.ts'
import { render } from './render.ts'
import { BACKGROUNDS, COLORS, caption, isVisible, MOTIONS, names, type Scene, SHAPES, type Size } from './vocabulary.ts'

const sizes: readonly Size[] = ['small', 'medium', 'big']
const colors = names(COLORS)
const backgrounds = names(BACKGROUNDS)

/** Every shape in every motion, colours, backgrounds and sizes taking turns so that all of them meet. */
const scenes = names(MOTIONS)
  .flatMap((motion, m) =>
    names(SHAPES).map((shape, s): Scene => {
      const turn = m * 6 + s
      const size = motion === 'grow' || motion === 'shrink' ? 'medium' : sizes[(m + s) % 3]!
      return { shape, motion, size, color: colors[(turn * 7) % 9]!, background: backgrounds[(turn * 3 + m) % 5]! }
    }),
  )
  .filter(isVisible)

/** Every colour on every background. */
const palette = colors
  .flatMap((color) => backgrounds.map((background): Scene => ({ color, background, shape: 'circle', motion: 'right', size: 'medium' })))
  .filter(isVisible)

const captions = (list: readonly Scene[]) => list.map((scene) => ({ prompt: caption(scene), scene }))

describe('a true prompt agrees, a wrong word does not', () => {
  test.each(captions(scenes))('$prompt', ({ prompt, scene }) => {
    const measured = measureVideo(render(scene))
    expect(agrees(parsePrompt(prompt), measured)).toEqual({
      color: true,
      background: true,
      shape: true,
      motion: true,
      size: true,
      all: true,
    })
    for (const shape of names(SHAPES).filter((s) => s !== scene.shape)) expect(agrees({ shape }, measured).all).toBe(false)
    for (const motion of names(MOTIONS).filter((m) => m !== scene.motion)) expect(agrees({ motion }, measured).all).toBe(false)
  })

  test.each(captions(palette))('$prompt', ({ prompt, scene }) => {
    const measured = measureVideo(render(scene, 4, 64))
    expect(agrees(parsePrompt(prompt), measured)).toMatchObject({ color: true, background: true })
    for (const color of colors.filter((c) => c !== scene.color)) expect(agrees({ color }, measured).all).toBe(false)
    for (const background of backgrounds.filter((b) => b !== scene.background)) expect(agrees({ background }, measured).all).toBe(false)
  })
})

describe('prompts', () => {
  test.each<[string, Expectation]>([
    ['a big red ball is rising on a navy background', { size: 'big', color: 'red', shape: 'circle', motion: 'up', background: 'navy' }],
    ['White star circling on black', { color: 'white', shape: 'star', motion: 'orbit', background: 'black' }],
    ['the green box on white', { color: 'green', shape: 'square', background: 'white' }],
    ['Spiderman is surfing', { motion: 'surf' }],
    ['a cross', { shape: 'cross' }],
    ['', {}],
  ])('%s', (prompt, expected) => {
    expect(parsePrompt(prompt)).toEqual(expected)
  })
})

describe('what is none of the taught things', () => {
  test('growing and shrinking again is not growing', () => {
    const area = [0.05, 0.1, 0.2, 0.3, 0.35, 0.3, 0.2, 0.1, 0.05]
    const still = area.map(() => 0)
    expect(nameMotion({ x: still, y: still, area, spin: 0, water: false })).toBeUndefined()
  })

  test('going left and back again is not going left', () => {
    const x = [0.5, 0.2, -0.1, -0.4, -0.5, -0.3, 0, 0.3, 0.5]
    const flat = x.map(() => 0)
    expect(nameMotion({ x, y: flat, area: x.map(() => 0.1), spin: 0, water: false })).toBeUndefined()
  })

  test('an empty picture has a background and nothing else', () => {
    const measured = measureVideo(tensor('float32', [4, 32, 32, 3], new Float32Array(4 * 32 * 32 * 3).fill(0.02)))
    expect(measured).toMatchObject({ background: 'black', color: undefined, shape: undefined, motion: undefined, path: [] })
  })

  test('noise is no shape', () => {
    const data = Float32Array.from({ length: 4 * 64 * 64 * 3 }, (_, i) => ((i * 7919) % 1009) / 1009)
    expect(measureVideo(tensor('float32', [4, 64, 64, 3], data)).shape).toBeUndefined()
  })

  test('a trend is a correlation with time', () => {
    expect(trend([1, 2, 3])).toBeCloseTo(1)
    expect(trend([3, 2, 1])).toBeCloseTo(-1)
    expect(trend([1, 1, 1])).toBe(0)
  })
})
