// What `kinora generate` writes and says when all goes well.

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readMetadata } from 'kinora'
import { describe, expect, test } from 'vitest'
import { readSafetensors } from '../../../packages/kinora/test/support/safetensors.ts'
import { VERSION } from '../src/version.ts'
import { contents, emptyFolder, events, kinora, MS, start } from './support/cli.ts'

const SHORT = ['-m', MS, '--steps', '2', '--frames', '3']

/** The first bytes tell the form. */
const MAGIC: Readonly<Record<string, (bytes: Buffer) => boolean>> = {
  'a.mp4': (bytes) => bytes.subarray(4, 8).toString() === 'ftyp',
  'a.gif': (bytes) => bytes.subarray(0, 6).toString() === 'GIF89a',
  'a.webp': (bytes) => bytes.subarray(8, 12).toString() === 'WEBP',
  'a.webm': (bytes) => bytes.readUInt32BE(0) === 0x1a45dfa3,
  'frames/frame_0002.png': (bytes) => bytes.subarray(1, 4).toString() === 'PNG',
}

describe.concurrent('generate', () => {
  test('one run writes every form, each with the settings that made it', async () => {
    const cwd = emptyFolder()
    const outputs = ['a.mp4', 'a.webm', 'a.gif', 'a.webp', 'frames/', 'a.safetensors']
    const args = ['generate', 'a "red" circle', ...SHORT, '--seed', '18446744073709551615', '--fps', '12', '-n', 'blue']
    const { code, stdout, stderr } = await kinora([...args, ...outputs.flatMap((path) => ['-o', path])], { cwd })
    expect(code, stderr).toBe(0)
    expect(stdout).toBe(`${outputs.join('\n')}\n`)
    for (const phase of ['encoding prompt', 'loading', 'denoising  2/2', 'decoding  3/3', 'encoding video  6/6'])
      expect(stderr).toContain(`\n${phase}`)
    for (const [path, matches] of Object.entries(MAGIC)) expect(matches(readFileSync(join(cwd, path))), path).toBe(true)
    for (const path of outputs)
      expect(await readMetadata(join(cwd, path)), path).toEqual({
        kinora: VERSION,
        model: 'ms',
        prompt: 'a "red" circle',
        negativePrompt: 'blue',
        height: 64,
        width: 64,
        numFrames: 3,
        numInferenceSteps: 2,
        guidanceScale: 9,
        eta: 0,
        seed: '18446744073709551615',
        scheduler: 'DDIMScheduler',
        clipSkip: 0,
        fps: 12,
      })
    const printed = await kinora(['metadata', 'a.mp4', '--json'], { cwd })
    expect(events(printed.stdout)).toEqual([await readMetadata(join(cwd, 'a.gif'))])
  })

  test('a batch file: a video a line, seed + i, a name of its own each, as a stream of events', async () => {
    const cwd = emptyFolder()
    writeFileSync(join(cwd, 'prompts.txt'), '\uFEFF# two\r\n\r\n  a Red circle!\r\n一只猫\n')
    const args = ['generate', '--batch-file', 'prompts.txt', ...SHORT, '--seed', '5', '-o', 'x.safetensors', '--json', '--no-metadata']
    const { code, stdout, stderr } = await kinora(args, { cwd })
    expect(code, stderr).toBe(0)
    expect(stderr).toBe('')
    const files = ['x-0001-a-red-circle.safetensors', 'x-0002-一只猫.safetensors']
    expect(contents(cwd)).toEqual(['prompts.txt', ...files])
    const stream = events(stdout)
    const saved = stream.filter(({ event }) => event === 'saved')
    expect(saved).toMatchObject(
      files.map((path, i) => ({ item: i + 1, items: 2, path, frames: 3, width: 64, height: 64, fps: 8, request: { seed: 5 + i } })),
    )
    expect(stream.filter(({ event }) => event === 'warning')).toEqual([
      { event: 'warning', item: 2, items: 2, message: expect.stringContaining('mostly not English') as string },
    ])
    expect(stream.at(-1)).toEqual({ event: 'done', videos: 2, files, seconds: expect.any(Number) as number })
    const denoising = stream.filter(({ event, phase, item }) => event === 'progress' && phase === 'denoising' && item === 1)
    expect(denoising.map(({ step, total }) => [step, total])).toEqual([0, 1, 2].map((step) => [step, 2]))
    expect(denoising.at(-1)).toMatchObject({ secondsPerStep: expect.any(Number) as number, secondsLeft: 0 })
    const videos = files.map((path) => readSafetensors(join(cwd, path)).get('latents')!)
    expect(videos[0]!.data).not.toEqual(videos[1]!.data)
    expect(await readMetadata(join(cwd, files[0]!))).toBeUndefined()
    const none = await kinora(['metadata', files[0]!], { cwd })
    expect(none).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('carries no settings') as string })
  })

  test('an existing file is kept, and replaced with --force; --count and {seed} name several videos', async () => {
    const cwd = emptyFolder()
    writeFileSync(join(cwd, '7.safetensors'), 'precious')
    const args = ['generate', 'a cat', ...SHORT, '--seed', '6', '--count', '2', '-o', '{seed}.safetensors']
    const refused = await kinora(args, { cwd })
    expect(refused.code).toBe(2)
    expect(refused.stderr).toContain('7.safetensors exists already')
    expect(refused.stderr).toContain('--force')
    expect(readFileSync(join(cwd, '7.safetensors'), 'utf8')).toBe('precious')
    expect(contents(cwd)).toEqual(['7.safetensors'])
    const forced = await kinora([...args, '--force'], { cwd })
    expect(forced.code, forced.stderr).toBe(0)
    expect(forced.stdout).toBe('6.safetensors\n7.safetensors\n')
    expect(readSafetensors(join(cwd, '7.safetensors')).get('frames')!.shape).toEqual([1, 3, 64, 64, 3])
  })

  test('a reader that goes away costs its lines, not the video', async () => {
    const cwd = emptyFolder()
    const running = start(['generate', 'a cat', ...SHORT, '--json', '-o', 'a.safetensors'], { cwd })
    running.process.stdout.destroy()
    const { code, stderr } = await running.ended
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(contents(cwd)).toEqual(['a.safetensors'])
  })

  test('a dry run shows settings, memory and files, and writes nothing', async () => {
    const cwd = emptyFolder()
    const args = ['generate', 'A cat', '-m', MS, '--frames', '8', '--dry-run']
    const [text, json] = await Promise.all([
      kinora([...args, '--seed', '3'], { cwd }),
      kinora([...args, '--json', '-o', 'b.gif', '--scheduler-config', '{"timestep_spacing":"trailing"}'], { cwd }),
    ])
    expect(text.code, text.stderr).toBe(0)
    for (const part of [
      'A cat',
      '64x64, 8 frames at 8 fps (1 s)',
      '50 of DDIMScheduler, guidance 9',
      'a-cat-3.mp4 (mp4)',
      'memory   about',
    ])
      expect(text.stdout).toContain(part)
    expect(json.code, json.stderr).toBe(0)
    const [plan, ...rest] = events(json.stdout)
    expect(rest).toEqual([])
    expect(plan).toMatchObject({
      event: 'plan',
      fps: 8,
      measures: [[]],
      tooLarge: false,
      memory: { weights: expect.any(Number) as number, total: expect.any(Number) as number, frames: 8 * 64 * 64 * 3 * 4 },
      videos: [{ files: [{ path: 'b.gif', form: 'gif', exists: false }], request: { schedulerConfig: { timestep_spacing: 'trailing' } } }],
    })
    expect(contents(cwd)).toEqual([])
  })
})
