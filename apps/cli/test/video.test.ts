// Videos as input: redrawn, continued, enlarged by a second model; and tensors in place of noise and words.

import { copyFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readMetadata, readVideo, tensor } from 'kinora'
import { describe, expect, test } from 'vitest'
import { relativeError } from '../../../packages/kinora/test/support/compare.ts'
import { fixture, readSafetensors, writeSafetensors } from '../../../packages/kinora/test/support/safetensors.ts'
import { contents, emptyFolder, events, kinora, MS } from './support/cli.ts'

const SHORT = ['-m', MS, '--steps', '4', '--seed', '3']
const expected = readSafetensors(fixture('expected/ms.safetensors'))

let made: Promise<string> | undefined

/** A folder with a.mp4: 6 frames of 64x64 at 12 fps. */
async function withVideo(): Promise<string> {
  made ??= makeVideo()
  const cwd = emptyFolder()
  copyFileSync(await made, join(cwd, 'a.mp4'))
  return cwd
}

async function makeVideo(): Promise<string> {
  const cwd = emptyFolder()
  const { code, stderr } = await kinora(['generate', 'a red circle', ...SHORT, '--frames', '6', '--fps', '12', '-o', 'a.mp4'], { cwd })
  expect(code, stderr).toBe(0)
  return join(cwd, 'a.mp4')
}

describe.concurrent('videos as input', () => {
  test("the reference's video to video, from a folder of pictures", async () => {
    const cwd = emptyFolder()
    const input = expected.get('v2v.input')!
    const frames = tensor(
      'float32',
      [1, ...input.shape],
      Float32Array.from(input.data as Uint8Array, (value) => value / 255),
    )
    writeSafetensors(join(cwd, 'in.safetensors'), { frames })
    const args = ['--video', 'in.safetensors', '--strength', '0.6', '--steps', '5', '--seed', '17', '--scheduler', 'dpm++2m']
    const { code, stderr } = await kinora(['generate', 'a panda eating bamboo', '-m', MS, ...args, '-o', 'out.safetensors'], { cwd })
    expect(code, stderr).toBe(0)
    const out = readSafetensors(join(cwd, 'out.safetensors'))
    for (const part of ['latents', 'frames'])
      expect(relativeError(out.get(part)!, expected.get(`run.v2v.${part}`)!), part).toBeLessThan(1e-3)
  })

  test('--video keeps size and rate of the video and says what it was made from', async () => {
    const cwd = await withVideo()
    const args = ['generate', 'a blue square', ...SHORT, '--video', 'a.mp4', '--strength', '0.5', '-o', 'b.mp4', '-o', 'b.gif']
    const { code, stderr } = await kinora(args, { cwd })
    expect(code, stderr).toBe(0)
    expect(stderr).toContain('\nencoding frames  6/6')
    expect(await readVideo(join(cwd, 'b.mp4'))).toMatchObject({ width: 64, height: 64, fps: 12, frames: { shape: [6, 64, 64, 3] } })
    expect(await readMetadata(join(cwd, 'b.gif'))).toMatchObject({ video: 'a.mp4', strength: 0.5, guidanceScale: 15, numFrames: 6 })
  })

  test('--extend puts new frames behind the given ones', async () => {
    const cwd = await withVideo()
    const args = ['generate', 'a blue square', ...SHORT, '--extend', 'a.mp4', '--overlap', '2', '--frames', '5', '-o', 'b.safetensors']
    const { code, stderr } = await kinora(args, { cwd })
    expect(code, stderr).toBe(0)
    const joined = readSafetensors(join(cwd, 'b.safetensors')).get('frames')!
    expect(joined.shape).toEqual([1, 6 + 5 - 2, 64, 64, 3])
    const given = await readVideo(join(cwd, 'a.mp4'))
    expect(Array.from((joined.data as Float32Array).slice(0, given.frames.data.length))).toEqual([...given.frames.data])
    expect(await readMetadata(join(cwd, 'b.safetensors'))).toMatchObject({ continueFrom: 'a.mp4', overlap: 2, numFrames: 5, fps: 12 })
  })

  test('--upscale: two models, one run; progress never goes back', async () => {
    const cwd = emptyFolder()
    const upscale = ['--upscale', '--upscale-model', MS, '--upscale-size', '128x96', '--upscale-strength', '0.5', '--upscale-steps', '4']
    const args = ['generate', 'a red circle', ...SHORT, '--frames', '2', ...upscale, '-o', 'a.mp4', '--json']
    const { code, stdout, stderr } = await kinora(args, { cwd })
    expect(code, stderr).toBe(0)
    const progress = events(stdout).filter(({ event }) => event === 'progress')
    const overall = progress.map((event) => event.overall as number)
    expect(overall).toEqual([...overall].sort((a, b) => a - b))
    expect(overall.at(-1)).toBe(1)
    expect(progress.filter(({ phase, step }) => phase === 'denoising' && step === 0).map(({ total }) => total)).toEqual([4, 2])
    expect(await readVideo(join(cwd, 'a.mp4'))).toMatchObject({ width: 128, height: 96 })
    expect(await readMetadata(join(cwd, 'a.mp4'))).toMatchObject({
      width: 64,
      prompt: 'a red circle',
      upscale: { model: 'ms', width: 128, height: 96, strength: 0.5, numInferenceSteps: 4 },
    })
  })

  test('--extend and --upscale together: both videos, enlarged', async () => {
    const cwd = await withVideo()
    const extend = ['--extend', 'a.mp4', '--overlap', '2', '--frames', '4']
    const upscale = ['--upscale', '--upscale-model', MS, '--upscale-strength', '0.5', '--upscale-steps', '2']
    const { code, stderr } = await kinora(['generate', 'a cat', ...SHORT, ...extend, ...upscale, '-o', 'b.gif'], { cwd })
    expect(code, stderr).toBe(0)
    expect(await readVideo(join(cwd, 'b.gif'))).toMatchObject({ width: 128, height: 128, frames: { shape: [6 + 4 - 2, 128, 128, 3] } })
  })

  test('kinora upscale takes the prompt from the file and doubles the size', async () => {
    const cwd = await withVideo()
    const args = ['upscale', 'a.mp4', '-m', MS, '--steps', '4', '--strength', '0.5']
    const { code, stdout, stderr } = await kinora(args, { cwd })
    expect(code, stderr).toBe(0)
    expect(stdout).toBe('a-upscaled.mp4\n')
    expect(await readVideo(join(cwd, 'a-upscaled.mp4'))).toMatchObject({ width: 128, height: 128, fps: 12 })
    expect(await readMetadata(join(cwd, 'a-upscaled.mp4'))).toMatchObject({ prompt: 'a red circle', video: 'a.mp4', strength: 0.5 })
    const silent = await kinora(['generate', 'x', ...SHORT, '--frames', '2', '-o', 'c.gif', '--no-metadata'], { cwd })
    expect(silent.code).toBe(0)
    const asked = await kinora(['upscale', 'c.gif', '-m', MS], { cwd })
    expect(asked).toMatchObject({ code: 2, stderr: expect.stringContaining('--prompt') as string })
    expect(contents(cwd)).toEqual(['a-upscaled.mp4', 'a.mp4', 'c.gif'])
  })

  test('--latents and --prompt-embeds take the place of seed and prompt', async () => {
    const cwd = emptyFolder()
    const latents = tensor(
      'float32',
      [1, 4, 2, 8, 8],
      Float32Array.from({ length: 512 }, (_, i) => Math.sin(i * i)),
    )
    const embeds = (value: number) => tensor('float32', [1, 77, 16], new Float32Array(77 * 16).fill(value))
    writeSafetensors(join(cwd, 'noise.safetensors'), { latents })
    writeSafetensors(join(cwd, 'embeds.safetensors'), { prompt_embeds: embeds(0.5), negative_prompt_embeds: embeds(-0.5) })
    const common = ['-m', MS, '--steps', '2', '--latents', 'noise.safetensors']
    const make = (args: string[], out: string) => kinora(['generate', ...args, ...common, '-o', out], { cwd })
    const [a, b, c] = await Promise.all([
      make(['a cat', '--seed', '1'], 'a.safetensors'),
      make(['a cat', '--seed', '2'], 'b.safetensors'),
      make(['--prompt-embeds', 'embeds.safetensors'], 'c.safetensors'),
    ])
    for (const { code, stderr } of [a, b, c]) expect(code, stderr).toBe(0)
    const [first, second, third] = ['a', 'b', 'c'].map((name) => readSafetensors(join(cwd, `${name}.safetensors`)).get('latents')!)
    expect(first).toEqual(second)
    expect(third!.data).not.toEqual(first!.data)
    expect(await readMetadata(join(cwd, 'c.safetensors'))).toMatchObject({
      latents: 'noise.safetensors',
      promptEmbeds: 'embeds.safetensors',
    })
  })

  test.each<[string[], number, string]>([
    [['--video', 'none.mp4'], 1, 'none.mp4'],
    [['--video', 'a.txt'], 1, 'a.txt'],
    [['--video', 'a.mp4', '--extend', 'a.mp4'], 2, '--video and --extend exclude each other'],
    [['--strength', '0.5'], 2, '--strength goes with --video or --extend'],
    [['--overlap', '2'], 2, '--overlap goes with --extend'],
    [['--upscale-size', '128x128'], 2, '--upscale-size goes with --upscale'],
    [['--upscale', '--upscale-size', 'large'], 2, '1024x576'],
    [['--latents', 'a.txt'], 1, 'a.txt'],
    [['--latents', 'none.safetensors'], 1, 'none.safetensors does not exist'],
    [['--prompt-embeds', 'a.safetensors'], 2, 'not both'],
    [['--prompt-embeds', 'a.safetensors', '--upscale'], 2, '--prompt-embeds and --upscale exclude each other'],
    [['--guidance-rescale', '2'], 2, '--guidance-rescale is 2'],
  ])('%j is refused', async (args, code, says) => {
    const cwd = emptyFolder()
    writeFileSync(join(cwd, 'a.txt'), 'not a video, not a tensor')
    const ended = await kinora(['generate', 'a cat', '-m', MS, ...args], { cwd })
    expect(ended.stderr).toContain(says)
    expect(ended.code).toBe(code)
    expect(contents(cwd)).toEqual(['a.txt'])
  })
})
