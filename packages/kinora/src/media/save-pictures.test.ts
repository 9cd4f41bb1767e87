import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { flat, inFolder, listing, movingDisc, psnr, REQUEST } from '../../test/media/clips.ts'
import { ArgumentError } from '../errors.ts'
import { tensor } from '../tensor/tensor.ts'
import { readMetadata } from './metadata.node.ts'
import { readVideo } from './read.node.ts'
import { saveVideo } from './save.node.ts'

test.each([
  ['gif', 30],
  ['webp', 33],
] as const)('%s loops for ever and keeps pictures, delays and metadata', (form, decibels) =>
  inFolder(async (folder) => {
    const path = join(folder, `clip.${form}`)
    const clip = movingDisc(16, 33, 47)
    const report = await saveVideo(clip, path, { metadata: REQUEST })
    expect(report).toMatchObject({ width: 47, height: 33, frames: 16, backend: 'sharp', notes: [] })
    const back = await readVideo(path)
    expect(back.frames.shape).toEqual([16, 33, 47, 3])
    expect(back.fps).toBeCloseTo(8, 5)
    expect(psnr(clip, back.frames)).toBeGreaterThan(decibels)
    expect(await readMetadata(path)).toEqual(REQUEST)
    const { default: sharp } = await import('sharp')
    expect(await sharp(path, { animated: true }).metadata()).toMatchObject({ loop: 0, pages: 16 })
  }),
)

test.each(['gif', 'webp'] as const)('%s of one frame, and of equal frames, which it merges and reports', (form) =>
  inFolder(async (folder) => {
    const path = join(folder, `still.${form}`)
    await saveVideo(flat(1, 16, 16, [240, 40, 40]), path, { metadata: REQUEST })
    const { frames } = await readVideo(path)
    expect(frames.shape).toEqual([1, 16, 16, 3])
    for (const [channel, level] of [240, 40, 40].entries()) expect(Math.abs(frames.data[channel]! * 255 - level)).toBeLessThanOrEqual(3)
    expect(await readMetadata(path)).toEqual(REQUEST)
    const report = await saveVideo(flat(4, 16, 16, [9, 9, 9]), path)
    expect(report.frames).toBe(4)
    if (form === 'webp') expect(report.notes.join()).toMatch(/stored as one/)
  }),
)

test('gif tells when it cannot play as fast as asked', () =>
  inFolder(async (folder) => {
    const report = await saveVideo(movingDisc(6, 16, 16), join(folder, 'fast.gif'), { fps: 60 })
    expect(report.fps).toBe(50)
    expect(report.notes.join()).toMatch(/at most 50/)
    expect(await readVideo(join(folder, 'fast.gif'))).toMatchObject({ fps: 50, frames: { shape: [6, 16, 16, 3] } })
  }))

test('a folder of PNG frames is exact, is replaced as a whole, and spares other files', () =>
  inFolder(async (folder) => {
    const path = `${join(folder, 'frames')}/`
    const long = movingDisc(5, 20, 30)
    const report = await saveVideo(long, path, { metadata: { ...REQUEST, fps: 12 } })
    expect(await listing(path)).toEqual([...[0, 1, 2, 3, 4].map((i) => `frame_000${i}.png`), 'kinora.json'])
    expect(report).toMatchObject({ frames: 5, width: 30, height: 20, codec: 'png' })
    const back = await readVideo(path)
    expect(back.fps).toBe(12)
    const rounded = long.data.map((value) => Math.round(value * 255) / 255)
    expect(psnr({ ...long, data: rounded }, back.frames)).toBeGreaterThan(90)
    await writeFile(join(path, 'notes.txt'), 'mine')
    await saveVideo(movingDisc(2, 20, 30), join(folder, 'frames'))
    expect(await listing(path)).toEqual(['frame_0000.png', 'frame_0001.png', 'notes.txt'])
    expect(await listing(folder)).toEqual(['frames'])
    expect(await readMetadata(path)).toBeUndefined()
  }))

test('safetensors holds frames and latents bit for bit', () =>
  inFolder(async (folder) => {
    const path = join(folder, 'clip.safetensors')
    const clip = movingDisc(3, 16, 24)
    const latents = tensor(
      'float32',
      [1, 4, 3, 2, 3],
      Float32Array.from({ length: 72 }, (_, i) => i / 7),
    )
    const report = await saveVideo(clip, path, { fps: 24, latents, metadata: REQUEST })
    const back = await readVideo(path)
    expect(back).toMatchObject({ fps: 24, width: 24, height: 16 })
    expect(back.frames.data).toEqual(clip.data)
    expect(await readMetadata(path)).toEqual(REQUEST)
    const file = await readFile(path)
    expect(report.bytes).toBe(file.length)
    const headerLength = Number(file.readBigUInt64LE(0))
    const header = JSON.parse(file.toString('utf8', 8, 8 + headerLength))
    expect(header.frames.shape).toEqual([1, 3, 16, 24, 3])
    expect(file.readFloatLE(8 + headerLength + header.latents.data_offsets[0] + 4 * 71)).toBe(latents.data[71])
  }))

test('metadata: false writes none', () =>
  inFolder(async (folder) => {
    for (const name of ['a.mp4', 'a.gif', 'a.webp', 'frames/', 'a.safetensors']) {
      await saveVideo(movingDisc(2, 16, 16), join(folder, name), { metadata: false })
      expect(await readMetadata(join(folder, name))).toBeUndefined()
    }
    expect(existsSync(join(folder, 'frames', 'kinora.json'))).toBe(false)
  }))

test('bad arguments are refused before anything is written', () =>
  inFolder(async (folder) => {
    const clip = movingDisc(1, 16, 16)
    const path = join(folder, 'a.mp4')
    await expect(saveVideo(clip, path, { fps: 0 })).rejects.toThrow(ArgumentError)
    await expect(saveVideo(clip, path, { backend: 'vlc' as 'auto' })).rejects.toThrow(/'auto', 'node-av' or 'ffmpeg'/)
    await expect(saveVideo(clip, path, { metadata: { seed: 1n } })).rejects.toThrow(ArgumentError)
    await expect(saveVideo(clip, path, { metadata: { long: 'x'.repeat(100_001) } })).rejects.toThrow(/100000/)
    await expect(saveVideo(clip, join(folder, 'a.avi'))).rejects.toThrow(ArgumentError)
    await expect(saveVideo(tensor('float32', [16, 16, 3]), path)).rejects.toThrow(ArgumentError)
    expect(await listing(folder)).toEqual([])
  }))
