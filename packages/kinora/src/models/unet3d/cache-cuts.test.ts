// The UNet in three parts for DeepCache, on the published checkpoint's inventory: which layers each part holds.

import { describe, expect, test } from 'vitest'
import { readJson } from '../../../test/support/json.ts'
import { Weights } from '../../checkpoint/weights.ts'
import { splitGraph } from '../../onnx/split.ts'
import { verifyGraph } from '../../onnx/verify.ts'
import { cacheCuts, upLayers } from './cache-cuts.ts'
import { parseUNet3DConfig } from './config.ts'
import { buildUNet3D } from './unet3d.ts'

const config = parseUNet3DConfig({})
const shapes = readJson<Record<string, number[]>>('full-size/unet.shapes.json')
const weights = Weights.from(
  new Map(
    Object.entries(shapes).map(([name, shape]) => {
      const byteLength = 4 * shape.reduce((product, size) => product * size, 1)
      return [name, { dtype: 'float32' as const, shape, path: '/unet', byteOffset: 0, byteLength }]
    }),
  ),
)
const unet = buildUNet3D(weights, config, { batch: 1, guided: true, frames: 2, height: 32, width: 32, tokens: 77 })

/** Modules of the outer levels whose weights a part reads: `up_blocks.3.resnets.2` becomes `up 3.2`. */
function modulesOf(names: Iterable<string>): string[] {
  const found = [...names].map((name) => /^(up|down)_blocks\.(\d+)\.resnets\.(\d+)\./.exec(name)).filter((match) => match !== null)
  return [...new Set(found.map(([, side, block, layer]) => `${side} ${block}.${layer}`))]
}

describe('cacheCuts', () => {
  test.each([
    [1, ['down_blocks.0.0', 'up_blocks.3.2'], [], ['up 3.2']],
    [2, ['down_blocks.0.1', 'up_blocks.3.1'], ['down 0.0'], ['up 3.1', 'up 3.2']],
    [3, ['down_blocks.1.0', 'up_blocks.3.0'], ['down 0.0', 'down 0.1'], ['up 3.0', 'up 3.1', 'up 3.2']],
    [4, ['down_blocks.1.0', 'up_blocks.2.2'], ['down 0.0', 'down 0.1'], ['up 2.2', 'up 3.0', 'up 3.1', 'up 3.2']],
  ])('depth %d', (depth, cuts, first, last) => {
    expect(cacheCuts(config, depth)).toEqual(cuts)
    const [before, deep, after, ...rest] = splitGraph(unet, cuts).map((part) => modulesOf(part.initializers.keys()))
    expect(rest).toEqual([])
    expect([before, after]).toEqual([first, last])
    expect(deep).toHaveLength(8 + 12 - first.length - last.length)
  })

  test('any depth cuts in three parts that hold together, deep layers in the middle one', () => {
    for (const depth of [1, 6, upLayers(config) - 1]) {
      const parts = splitGraph(unet, cacheCuts(config, depth))
      expect(parts.flatMap(verifyGraph), `depth ${depth}`).toEqual([])
      const inside = parts.map(({ initializers }) => [...initializers.keys()].some((name) => name.startsWith('mid_block.')))
      expect(inside, `depth ${depth}`).toEqual([false, true, false])
    }
  })
})
