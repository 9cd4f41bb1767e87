// Files that are not what they seem: wrong names, no videos, pieces of videos, lists of other files.

import { copyFile, readFile, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { inFolder } from '../../test/media/clips.ts'
import { makeClip } from '../../test/media/encode.ts'
import { BACKENDS, indexes, read } from '../../test/media/reading.ts'
import { MediaError } from '../errors.ts'
import { readVideo } from './read.node.ts'

describe.concurrent('content', () => {
  test('content counts, not the name', () =>
    inFolder(async (folder) => {
      makeClip(join(folder, 'a.mp4'), { times: [0, 100] })
      for (const name of ['a.gif', 'http:a.safetensors']) {
        await copyFile(join(folder, 'a.mp4'), join(folder, name))
        expect((await read(join(folder, name))).frames.shape, name).toEqual([2, 32, 48, 3])
      }
    }))

  test('a name that is a pattern opens no other file', () =>
    inFolder(async (folder) => {
      const path = join(folder, 'a%d.bmp')
      makeClip(join(folder, 'a.mp4'), { times: [0] })
      await copyFile(join(folder, 'a.mp4'), path)
      await writeFile(join(folder, 'a1.bmp'), 'BM')
      for (const backend of BACKENDS) await expect(readVideo(path, { backend })).rejects.toThrow(/cannot be opened as a video/)
    }))

  test.each([
    ['text', 'nothing but words'],
    ['a list of files', 'ffconcat version 1.0\nfile a.mp4\n'],
    ['a playlist', '#EXTM3U\n#EXTINF:1,\na.mp4\n#EXT-X-ENDLIST\n'],
    [
      'a session description',
      'v=0\no=- 0 0 IN IP4 127.0.0.1\ns=-\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 5004 RTP/AVP 96\na=rtpmap:96 H264/90000\n',
    ],
  ])('%s is no video', (_, content) =>
    inFolder(async (folder) => {
      makeClip(join(folder, 'a.mp4'), { times: [0] })
      const path = join(folder, 'b.mp4')
      await writeFile(path, content)
      for (const backend of BACKENDS) {
        const error = await readVideo(path, { backend }).catch((cause: unknown) => cause)
        expect(error).toBeInstanceOf(MediaError)
        expect(String(error)).toMatch(/cannot read .*b\.mp4: .*it cannot be opened as a video/)
      }
    }),
  )

  test('cover art is no video stream', () =>
    inFolder(async (folder) => {
      const path = join(folder, 'song.mp4')
      makeClip(path, { codec: 'mjpeg', pixelFormat: 'yuvj420p', times: [0], cover: true })
      for (const backend of BACKENDS) await expect(readVideo(path, { backend })).rejects.toThrow(/the file has no video stream/)
    }))

  test.each([
    ['mp4', { codecOptions: { g: '1' } }],
    ['mkv', { codec: 'ffv1' }],
    ['avi', { codec: 'mpeg4', timeBase: [1, 10] }],
  ] as const)('a %s that was cut off is refused', (form, clip) =>
    inFolder(async (folder) => {
      const path = join(folder, `a.${form}`)
      makeClip(path, { ...clip, width: 128, height: 128 })
      const { length } = await readFile(path)
      await truncate(path, Math.floor(length * 0.8))
      for (const backend of BACKENDS)
        await expect(readVideo(path, { backend })).rejects.toThrow(
          new RegExp(`it is cut off: \\d+ of its ${form === 'mp4' ? '\\d+' : length} bytes`),
        )
    }),
  )

  test('what is left of a cut file can be read by count', () =>
    inFolder(async (folder) => {
      const path = join(folder, 'a.mkv')
      makeClip(path, { codec: 'ffv1', width: 128, height: 128 })
      await truncate(path, Math.floor((await readFile(path)).length * 0.7))
      const words = await readVideo(path).then(() => '', String)
      const frames = Number(/(\d+) frames can be read/.exec(words)?.[1])
      expect(frames).toBeGreaterThan(1)
      expect(indexes(await read(path, { count: frames }))).toEqual(Array.from({ length: frames }, (_, index) => index))
    }))

  test('a damaged packet costs its frames, not the video', () =>
    inFolder(async (folder) => {
      const path = join(folder, 'a.ts')
      makeClip(path, {
        codec: 'mpeg2video',
        timeBase: [1, 25],
        times: Array.from({ length: 40 }, (_, index) => index * 40),
        width: 128,
        height: 128,
      })
      const bytes = await readFile(path)
      bytes.fill(0x5a, Math.floor(bytes.length / 2), Math.floor(bytes.length / 2) + 1000)
      await writeFile(path, bytes)
      for (const backend of BACKENDS) expect((await readVideo(path, { backend })).frames.shape[0]).toBeGreaterThan(20)
    }))

  test.skipIf(process.platform === 'win32')('devices are not opened', async () => {
    await expect(readVideo('/dev/zero')).rejects.toThrow(/neither a file nor a folder/)
  })
})

test('an aborted signal ends the reading', () =>
  inFolder(async (folder) => {
    const path = join(folder, 'a.mp4')
    makeClip(path, { times: Array.from({ length: 100 }, (_, index) => index * 40), width: 256, height: 256 })
    for (const backend of BACKENDS) {
      const controller = new AbortController()
      const reason = new Error('enough')
      const reading = readVideo(path, { backend, signal: controller.signal })
      setTimeout(() => controller.abort(reason), 50)
      await expect(reading).rejects.toBe(reason)
    }
  }))
