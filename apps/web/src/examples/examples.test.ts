import { readdirSync, readFileSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { readMetadata } from 'kinora'
import { describe, expect, test } from 'vitest'
import type { ModelObject } from '../api/types.ts'
import { demoModelOf, EXAMPLES } from './examples.ts'

const PUBLIC = fileURLToPath(new URL('../../public/', import.meta.url))
const MOST_BYTES = 600_000

describe('the gallery', () => {
  test.each(EXAMPLES)('$video says itself what the form is filled with', async ({ video, settings }) => {
    const { num_inference_steps, guidance_scale, num_frames, ...same } = settings
    expect(await readMetadata(PUBLIC + video)).toMatchObject({
      ...same,
      numInferenceSteps: num_inference_steps,
      guidanceScale: guidance_scale,
      numFrames: num_frames,
      model: '@kinora/demo-model',
      negativePrompt: '',
    })
  })

  test.each(EXAMPLES)('$poster is a picture of the size of its video', ({ poster, settings }) => {
    expect(webpSize(readFileSync(PUBLIC + poster))).toEqual({ width: settings.width, height: settings.height })
  })

  test('has no other files, no prompt twice, and is small', () => {
    const files = readdirSync(`${PUBLIC}examples`)
    expect(files.map((name) => `examples/${name}`).sort()).toEqual(EXAMPLES.flatMap(({ video, poster }) => [video, poster]).sort())
    expect(new Set(EXAMPLES.map(({ settings }) => settings.prompt)).size).toBe(EXAMPLES.length)
    const bytes = files.reduce((sum, name) => sum + statSync(`${PUBLIC}examples/${name}`).size, 0)
    expect(bytes).toBeGreaterThan(50_000)
    expect(bytes).toBeLessThan(MOST_BYTES)
  })
})

test('the demo model is known by its title, whatever it is called', () => {
  const model = (id: string, title: string) => ({ id, title }) as ModelObject
  expect(demoModelOf([model('ms', 'ModelScope text-to-video 1.7b'), model('toy', 'Kinora demo')])?.id).toBe('toy')
  expect(demoModelOf([model('demo', 'somebody’s own')])).toBeUndefined()
})

/** Of a lossy picture without extras: RIFF, WEBP, then a key frame of VP8 (RFC 9649, RFC 6386 9.1). */
function webpSize(file: Buffer) {
  expect([file.toString('latin1', 0, 4), file.toString('latin1', 8, 16)]).toEqual(['RIFF', 'WEBPVP8 '])
  return { width: file.readUInt16LE(26) & 0x3fff, height: file.readUInt16LE(28) & 0x3fff }
}
