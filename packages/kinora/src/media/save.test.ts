import { execFileSync, spawnSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { flat, inFolder, listing, movingDisc, psnr, REQUEST } from '../../test/media/clips.ts'
import { tensor } from '../tensor/tensor.ts'
import { readMetadata } from './metadata.node.ts'
import { readVideo } from './read.node.ts'
import { saveVideo } from './save.node.ts'

const hasFfmpeg = spawnSync('ffprobe', ['-version']).status === 0
if (!hasFfmpeg) console.log('ffmpeg is not on PATH: the tests of the ffmpeg backend and of ffprobe are skipped')

const BACKENDS = ['node-av', 'ffmpeg'] as const
function ffprobe(path: string): { streams: Record<string, string>[]; format: { duration: string; tags: Record<string, string> } } {
  return JSON.parse(execFileSync('ffprobe', ['-v', 'error', '-show_streams', '-show_format', '-of', 'json', path], { encoding: 'utf8' }))
}

describe.each(BACKENDS)('%s', (backend) => {
  const needed = test.skipIf(backend === 'ffmpeg' && !hasFfmpeg)

  needed.each(['mp4', 'webm'])('%s: pictures, metadata and report', (form) =>
    inFolder(async (folder) => {
      const path = join(folder, `clip.${form}`)
      const clip = movingDisc(16, 64, 96)
      const report = await saveVideo(clip, path, { fps: 12.5, metadata: REQUEST, backend })
      const { size } = statSync(path)
      expect(report).toMatchObject({ path, bytes: size, width: 96, height: 64, frames: 16, fps: 12.5, backend, notes: [] })
      const back = await readVideo(path, { backend })
      expect(back).toMatchObject({ fps: 12.5, width: 96, height: 64 })
      expect(back.frames.shape).toEqual([16, 64, 96, 3])
      expect(psnr(clip, back.frames)).toBeGreaterThan(34)
      expect(await readMetadata(path)).toEqual(REQUEST)
      expect(await listing(folder)).toEqual([`clip.${form}`])
    }),
  )

  needed.each(['mp4', 'webm'])('%s: colours come back within 3 of 255', (form) =>
    inFolder(async (folder) => {
      const colours = [240, 40, 40, 20, 180, 60, 30, 60, 220, 255, 255, 255, 0, 0, 0]
      const frames = [0, 3, 6, 9, 12].map((at) => flat(1, 32, 32, [colours[at]!, colours[at + 1]!, colours[at + 2]!]))
      const clip = tensor('float32', [5, 32, 32, 3], Float32Array.from(frames.flatMap(({ data }) => [...data])))
      const path = join(folder, `flat.${form}`)
      await saveVideo(clip, path, { backend })
      const { data } = (await readVideo(path, { backend })).frames
      expect(data).toHaveLength(clip.data.length)
      expect(Math.max(...data.map((value, at) => Math.abs(value - clip.data[at]!) * 255))).toBeLessThanOrEqual(3)
    }),
  )

  needed('mp4 of odd size is padded by repeating, and says so', () =>
    inFolder(async (folder) => {
      const path = join(folder, 'odd.mp4')
      const clip = movingDisc(3, 33, 47)
      const report = await saveVideo(clip, path, { backend })
      expect(report).toMatchObject({ width: 48, height: 34 })
      expect(report.notes.join()).toMatch(/47x33 is stored as 48x34/)
      const { frames } = await readVideo(path, { backend })
      expect(psnr(clip, frames)).toBeGreaterThan(30)
      const pixel = (y: number, x: number) => Math.round(frames.data[(y * 48 + x) * 3]! * 255)
      expect(Math.abs(pixel(10, 47) - pixel(10, 46))).toBeLessThanOrEqual(3)
    }),
  )

  needed('webm keeps odd sizes', () =>
    inFolder(async (folder) => {
      const clip = movingDisc(3, 33, 47)
      const report = await saveVideo(clip, join(folder, 'odd.webm'), { backend })
      expect(report).toMatchObject({ width: 47, height: 33, notes: [] })
      expect((await readVideo(join(folder, 'odd.webm'), { backend })).frames.shape).toEqual([3, 33, 47, 3])
    }),
  )

  needed.each([
    [1, 1, 'mp4'],
    [1, 60, 'webm'],
    [200, 60, 'mp4'],
    [200, 1, 'mp4'],
    [30, 60, 'webm'],
    [5, 1, 'webm'],
  ] as const)('%d frames at %d fps in %s last as long as they should', (count, fps, form) =>
    inFolder(async (folder) => {
      const path = join(folder, `clip.${form}`)
      await saveVideo(movingDisc(count, 16, 32), path, { fps, backend })
      const back = await readVideo(path, { backend })
      expect(back.frames.shape).toEqual([count, 16, 32, 3])
      expect(back.fps).toBeCloseTo(fps, 3)
      if (hasFfmpeg) expect(Number(ffprobe(path).format.duration)).toBeCloseTo(count / fps, 2)
    }),
  )

  test.skipIf(!hasFfmpeg).each(['mp4', 'webm'])('%s: ffprobe sees every tag', (form) =>
    inFolder(async (folder) => {
      const path = join(folder, `clip.${form}`)
      await saveVideo(movingDisc(4, 32, 32), path, { backend, metadata: REQUEST })
      const { streams, format } = ffprobe(path)
      expect(streams).toHaveLength(1)
      expect(streams[0]).toMatchObject({
        codec_name: form === 'mp4' ? 'h264' : 'vp9',
        pix_fmt: 'yuv420p',
        color_range: 'tv',
        color_space: 'bt709',
        color_transfer: 'bt709',
        color_primaries: 'bt709',
        avg_frame_rate: '8/1',
      })
      expect(JSON.parse(format.tags.comment ?? format.tags.COMMENT ?? '')).toEqual(REQUEST)
      expect(format.tags.title).toBe(REQUEST.prompt)
    }),
  )

  needed('mp4 can play while it loads: moov stands before mdat', () =>
    inFolder(async (folder) => {
      await saveVideo(movingDisc(4, 32, 32), join(folder, 'a.mp4'), { backend })
      const bytes = await readFile(join(folder, 'a.mp4'))
      expect(bytes.indexOf('moov')).toBeGreaterThan(0)
      expect(bytes.indexOf('moov')).toBeLessThan(bytes.indexOf('mdat'))
    }),
  )
})

test.skipIf(!hasFfmpeg)('both backends write files that the other one reads', () =>
  inFolder(async (folder) => {
    const clip = movingDisc(4, 32, 48)
    for (const [writer, reader] of [BACKENDS, [...BACKENDS].reverse()] as const) {
      const path = join(folder, `${writer}.mp4`)
      await saveVideo(clip, path, { backend: writer })
      expect(psnr(clip, (await readVideo(path, { backend: reader })).frames)).toBeGreaterThan(30)
    }
  }),
)

test.each(hasFfmpeg ? BACKENDS : BACKENDS.slice(0, 1))('the same frames make the same bytes through %s', (backend) =>
  inFolder(async (folder) => {
    for (const form of ['mp4', 'webm']) {
      const files = []
      for (const name of ['a', 'b']) {
        const path = join(folder, `${name}.${form}`)
        await saveVideo(movingDisc(6, 32, 48), path, { backend, metadata: REQUEST })
        files.push(await readFile(path, 'base64'))
      }
      expect(files[0]).toBe(files[1])
    }
  }),
)
