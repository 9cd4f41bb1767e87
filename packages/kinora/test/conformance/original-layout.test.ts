// A whole seeded run of a checkpoint in the original ModelScope layout: the same bytes reach the same models, so the
// latents are those of the diffusers layout to the last bit.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { TextToVideoPipeline } from '../../src/pipelines/text-to-video.ts'
import { writeOriginalFolder } from '../support/original-folder.ts'
import { fixture } from '../support/safetensors.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'kinora-original-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function latentsOf(checkpoint: string) {
  const pipe = await TextToVideoPipeline.fromPretrained(checkpoint)
  try {
    const { latents } = await pipe.generate({
      prompt: 'Spiderman is surfing',
      numFrames: 2,
      numInferenceSteps: 2,
      seed: 7,
      outputType: 'latents',
    })
    return latents
  } finally {
    await pipe.dispose()
  }
}

test('the original layout generates what the diffusers layout does', async () => {
  writeOriginalFolder(folder)
  const latents = await latentsOf(folder)
  expect(latents).toEqual(await latentsOf(fixture('checkpoints/ms')))
  expect(new Set(latents.data).size).toBeGreaterThan(100)
})
