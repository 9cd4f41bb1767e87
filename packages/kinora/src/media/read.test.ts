// Videos as other programs write them, read through both backends where both are there: the same
// frames from each, as a player shows them.

import { appendFile, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AVCOL_SPC_BT470BG, AVCOL_SPC_BT709, AVCOL_SPC_BT2020_NCL, AVCOL_SPC_RGB, AVCOL_TRC_SMPTE2084 } from 'node-av/constants'
import { describe, expect, test } from 'vitest'
import { inFolder } from '../../test/media/clips.ts'
import { makeClip } from '../../test/media/encode.ts'
import { BACKENDS, CORNERS, colour, indexes, quartersOf, read, roundTrip } from '../../test/media/reading.ts'
import { ArgumentError } from '../errors.ts'
import { type ReadOptions, readVideo } from './read.node.ts'

test.concurrent.each([
  ['mp4', { codecOptions: { bf: '2' } }],
  ['webm', { codec: 'libvpx-vp9' }],
  ['avi', { codec: 'mpeg4', timeBase: [1, 10] }],
  ['mpg', { codec: 'mpeg2video', timeBase: [1, 25], times: [0, 40, 80, 120, 160, 200] }],
  ['ts', {}],
  ['apng', { codec: 'apng', pixelFormat: 'rgb24' }],
] as const)('%s', (form, clip) =>
  inFolder(async (folder) => {
    const path = join(folder, `clip.${form}`)
    makeClip(path, clip)
    const video = await read(path)
    expect(video.frames.shape).toEqual([6, 32, 48, 3])
    expect(video.fps).toBeCloseTo(form === 'mpg' ? 25 : 10, 3)
    expect(video.notes).toEqual([])
    expect(quartersOf(video, 20)).toEqual(['red', 'green', 'blue', 'white'])
    expect(indexes(video)).toEqual([0, 1, 2, 3, 4, 5])
  }),
)

describe.concurrent('as a player shows it', () => {
  test('turned, and not mirrored', async () => {
    const video = await roundTrip('turned.mp4', { matrix: [0, 1, -1, 0] })
    expect([video.width, video.height]).toEqual([32, 48])
    expect(quartersOf(video)).toEqual(['blue', 'red', 'white', 'green'])
    expect(video.notes.join()).toMatch(/turned by 90 degrees clockwise, as the file asks/)
  })

  test('mirrored, which only the matrix tells and no angle', async () => {
    expect(quartersOf(await roundTrip('mirrored.mp4', { matrix: [-1, 0, 0, 1] }))).toEqual(['green', 'red', 'white', 'blue'])
  })

  test.each([
    ['wide.mp4', { pixelAspect: [4, 3] }, 64, 32],
    ['narrow.mpg', { codec: 'mpeg2video', timeBase: [1, 25], times: [0, 40], pixelAspect: [8, 9] }, 48, 36],
  ] as const)('square pixels: %s', async (name, clip, width, height) => {
    const video = await roundTrip(name, clip)
    expect(video.frames.shape.slice(1)).toEqual([height, width, 3])
    expect(quartersOf(video, 20)).toEqual(['red', 'green', 'blue', 'white'])
    expect(video.notes.join()).toMatch(`48x32 is shown as ${width}x${height}`)
  })

  test('portrait with wide pixels', async () => {
    const video = await roundTrip('portrait.mp4', { pixelAspect: [4, 3], matrix: [0, 1, -1, 0] })
    expect([video.width, video.height, video.notes.length]).toEqual([32, 64, 2])
  })

  test.each([
    ['odd.webm', { codec: 'libvpx-vp9', width: 33, height: 21 }],
    ['pixel.mkv', { codec: 'ffv1', width: 1, height: 1 }],
  ] as const)('any size: %s', async (name, clip) => {
    expect((await roundTrip(name, clip)).frames.shape).toEqual([6, clip.height, clip.width, 3])
  })

  test.each([
    ['BT.709, full range', { space: AVCOL_SPC_BT709, full: true }, {}],
    ['BT.601', { space: AVCOL_SPC_BT470BG }, {}],
    ['untagged and large, so BT.709', { space: AVCOL_SPC_BT709, tagged: false }, { width: 1280, height: 64 }],
    ['RGB', { space: AVCOL_SPC_RGB, full: true }, { codec: 'libx264rgb', pixelFormat: 'rgb24' }],
    ['ten bits', { space: AVCOL_SPC_BT709 }, { pixelFormat: 'yuv420p10le', codec: 'ffv1' }],
  ] as const)('colours: %s', async (_, tags, clip) => {
    const video = await roundTrip('colours.mkv', { ...clip, colour: tags, times: [0, 100] })
    expect(quartersOf(video, 5)).toEqual(['red', 'green', 'blue', 'white'])
  })

  test('grey', async () => {
    const video = await roundTrip('grey.mkv', { codec: 'ffv1', pixelFormat: 'gray', times: [0, 100] })
    for (const [x, y] of CORNERS) expect(new Set(colour(video, x, y)).size).toBe(1)
    expect(colour(video, 0.8, 0.8)[0]).toBeCloseTo(220, -0.5)
  })

  test('high dynamic range becomes ordinary light', async () => {
    const pq = { space: AVCOL_SPC_BT2020_NCL, transfer: AVCOL_TRC_SMPTE2084 }
    const video = await roundTrip('hdr.mkv', { codec: 'ffv1', pixelFormat: 'yuv420p10le', colour: pq, times: [0, 100] })
    expect(video.notes.join()).toMatch(/HDR \(PQ\)/)
    // A PQ signal of 220/255 is over the peak, one of 40/255 (the square) is 1.5 cd/m2.
    expect(colour(video, 0.8, 0.8)).toEqual([255, 255, 255])
    const [level = 0] = colour(video, 0.5, 0.5)
    expect(level).toBeGreaterThan(15)
    expect(level).toBeLessThan(50)
  })

  test('transparent parts are black', async () => {
    const paint = (_: number, width: number, height: number) =>
      Uint8Array.from(
        { length: width * height * 4 },
        (__, at) => [200, 100, 50, Math.floor(at / 4) % width < width / 2 ? 255 : 51][at % 4]!,
      )
    for (const [name, codec, pixelFormat] of [
      ['a.mov', 'qtrle', 'argb'],
      ['a.apng', 'apng', 'rgba'],
    ] as const) {
      const video = await roundTrip(name, { codec, pixelFormat, channels: 4, paint, times: [0, 100] })
      expect([colour(video, 0.2, 0.5), colour(video, 0.8, 0.5)], name).toEqual([
        [200, 100, 50],
        [40, 20, 10],
      ])
    }
  })

  test('fields stay woven', async () => {
    const rows = (_: number, width: number, height: number) =>
      Uint8Array.from({ length: width * height * 3 }, (__, at) => (Math.floor(at / 3 / width) % 2 === 0 ? 60 : 190))
    const interlaced = {
      codec: 'mpeg2video',
      timeBase: [1, 25],
      times: [0, 40],
      interlaced: true,
      width: 64,
      height: 64,
      paint: rows,
    } as const
    const video = await roundTrip('fields.mpg', interlaced)
    expect(colour(video, 0.5, 30 / 64)[0]).toBeCloseTo(60, -1.3)
    expect(colour(video, 0.5, 31 / 64)[0]).toBeCloseTo(190, -1.3)
  })

  test('a change of size in the middle: all frames get the size that the file declares', () =>
    inFolder(async (folder) => {
      const [path, other] = [join(folder, 'a.ts'), join(folder, 'b.ts')]
      makeClip(path, { times: [0, 100, 200] })
      makeClip(other, { times: [300, 400, 500], width: 96, height: 48 })
      await appendFile(path, await readFile(other))
      expect((await read(path)).frames.shape[0]).toBe(6)
      for (const part of [{ count: 1 }, { last: 1 }])
        expect(quartersOf(await read(path, part), 20)).toEqual(['red', 'green', 'blue', 'white'])
    }))
})

describe.concurrent('which frames', () => {
  test('of a variable rate', () =>
    inFolder(async (folder) => {
      const path = join(folder, 'clip.mp4')
      makeClip(path, { times: [0, 40, 80, 400, 440, 900] })
      const all = await read(path)
      expect([all.fps, indexes(all)]).toEqual([6, [0, 1, 2, 3, 4, 5]])
      // What is on the screen at 50, 150, ... milliseconds.
      const ten = await read(path, { fps: 10 })
      expect([ten.fps, indexes(ten)]).toEqual([10, [1, 2, 2, 2, 4, 4, 4, 4, 4, 5]])
    }))

  test('every second one of many', () =>
    inFolder(async (folder) => {
      const path = join(folder, 'clip.mkv')
      const flat = (index: number, width: number, height: number) => new Uint8Array(width * height * 3).fill(index % 250)
      const times = Array.from({ length: 240 }, (_, index) => (index * 1000) / 60)
      makeClip(path, { codec: 'png', pixelFormat: 'rgb24', width: 16, height: 16, times, timeBase: [1, 60], paint: flat })
      const { frames } = await read(path, { fps: 30 })
      const levels = Array.from({ length: 120 }, (_, index) => Math.round(frames.data[index * 768]! * 255))
      expect([frames.shape[0], levels]).toEqual([120, Array.from({ length: 120 }, (_, index) => (index * 2) % 250)])
    }))

  test.each([
    [{ start: 1, count: 3 }, [1, 2, 3]],
    [{ start: 4, count: 9 }, [4, 5]],
    [{ fps: 20, start: 3, count: 4 }, [1, 2, 2, 3]],
    [{ fps: 5, last: 2 }, [2, 4]],
  ] as [ReadOptions, number[]][])('%o', async (options, expected) => {
    const video = await roundTrip('clip.mp4', {}, options)
    expect(indexes(video)).toEqual(expected)
    expect(video.fps).toBe(options.fps ?? 10)
  })

  test('more than the limit is refused with the way out, a part within it is read', () =>
    inFolder(async (folder) => {
      const path = join(folder, 'a.mp4')
      makeClip(path)
      for (const backend of BACKENDS) {
        await expect(readVideo(path, { backend, maxFrames: 5 })).rejects.toThrow(/more than 5 frames: raise maxFrames, or read a part/)
        await expect(readVideo(path, { backend, fps: 60, maxFrames: 30 })).rejects.toThrow(/more than 30 frames/)
        await expect(readVideo(path, { backend, start: 6 })).rejects.toThrow(/it has no frame 6/)
      }
      expect(indexes(await read(path, { maxFrames: 5, last: 5 }))).toEqual([1, 2, 3, 4, 5])
    }))

  test.each([
    [{ start: -1 }, /start is -1/],
    [{ count: 0 }, /count is 0/],
    [{ last: 1.5 }, /last is 1.5/],
    [{ last: 2, count: 2 }, /last excludes/],
    [{ count: 10, maxFrames: 9 }, /over maxFrames/],
    [{ maxFrames: 0 }, /maxFrames is 0/],
    [{ fps: 61 }, /fps is 61/],
    [{ backend: 'vlc' as 'auto' }, /'auto', 'node-av' or 'ffmpeg'/],
  ])('bad options are refused before the file is touched: %o', async (options, words) => {
    await expect(readVideo('/nowhere/at/all.mp4', options)).rejects.toThrow(ArgumentError)
    await expect(readVideo('/nowhere/at/all.mp4', options)).rejects.toThrow(words)
  })
})
