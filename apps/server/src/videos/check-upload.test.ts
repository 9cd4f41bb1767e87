// Uploads of every kind, among them some that are made to harm, through the real process with its real limits.

import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { crc32, deflateSync } from 'node:zlib'
import { saveVideo, tensor } from 'kinora'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { type Config, configSchema } from '../config/config.ts'
import { checkUpload } from './check-upload.ts'
import { processTree } from './process-tree.ts'
import { fileForm } from './sniff.ts'

const data = mkdtempSync(path.join(tmpdir(), 'kinora-uploads-'))
const configOf = (limits: Partial<Config['limits']> = {}) => configSchema.parse({ data, limits: { uploadFrames: 50, ...limits } })
const place = (name: string) => path.join(data, name)
const MP4 = place('video.mp4')

function write(name: string, bytes: Uint8Array | string): string {
  writeFileSync(place(name), bytes)
  return place(name)
}

/** A black picture, one bit a pixel; rows of zeros compress a thousandfold. */
function png(width: number, height: number): Buffer {
  const chunk = (type: string, bytes: Buffer) => {
    const body = Buffer.concat([Buffer.from(type), bytes])
    const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)]
    length.writeUInt32BE(bytes.length)
    check.writeUInt32BE(crc32(body))
    return Buffer.concat([length, body, check])
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width)
  header.writeUInt32BE(height, 4)
  header[8] = 1
  const pixels = deflateSync(Buffer.alloc((Math.ceil(width / 8) + 1) * height))
  const mark = Buffer.from('89504e470d0a1a0a', 'hex')
  return Buffer.concat([mark, chunk('IHDR', header), chunk('IDAT', pixels), chunk('IEND', Buffer.alloc(0))])
}

/** Frames of one pixel on a large canvas: 23 bytes each. */
function gif(width: number, height: number, frames: number): Buffer {
  const head = Buffer.from('474946383961000000008000000000 00ffffff'.replaceAll(' ', ''), 'hex')
  head.writeUInt16LE(width, 6)
  head.writeUInt16LE(height, 8)
  const frame = Buffer.from('21f9040402000000 2c000000000100010000 0202440100'.replaceAll(' ', ''), 'hex')
  return Buffer.concat([head, ...Array.from({ length: frames }, () => frame), Buffer.from([0x3b])])
}

beforeAll(async () => {
  const frames = tensor('float32', [12, 32, 48, 3], new Float32Array(12 * 32 * 48 * 3).fill(0.5))
  await saveVideo(frames, MP4, { fps: 6 })
})

async function nothingIsLeft(): Promise<void> {
  expect(readdirSync(place('uploads')), 'folders left behind').toEqual([])
  await vi.waitFor(async () => expect(await ours(), 'processes left behind').toEqual([]))
}

afterAll(() => rmSync(data, { recursive: true, force: true }))

/** Living descendants that decode. */
async function ours(): Promise<number[]> {
  const [, ...children] = await processTree(process.pid)
  const lines = await Promise.all(children.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')))
  return children.filter((_, i) => /upload-child|encoder-child|ffmpeg/.test(lines[i] ?? ''))
}

describe('what can be read', () => {
  afterEach(nothingIsLeft)
  test('a video', async () => {
    expect(await checkUpload(MP4, configOf())).toEqual({ frames: 12, width: 48, height: 32, fps: 6, notes: [] })
    expect(await fileForm(MP4)).toEqual({ extension: 'mp4', mediaType: 'video/mp4' })
  })

  test('a picture is one frame, whatever its name', async () => {
    const file = write('picture.mp4', png(40, 24))
    expect(await checkUpload(file, configOf())).toMatchObject({ frames: 1, width: 40, height: 24 })
    expect(await fileForm(file)).toEqual({ extension: 'png', mediaType: 'image/png' })
  })
})

describe('what is refused, with a sentence and no path', () => {
  afterAll(nothingIsLeft)
  test.concurrent.each<[string, () => string | Promise<string>, RegExp]>([
    ['a text', () => write('text.mp4', 'hello, this is no video'), /cannot be read as a video or a picture/],
    ['nothing', () => write('empty.mp4', ''), /cannot be read/],
    ['a video that was cut off', async () => write('cut.mp4', (await readFile(MP4)).subarray(0, 900)), /cut off/],
    [
      'a playlist that names other files',
      () => write('list.mp4', '#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n'),
      /cannot be read/,
    ],
    [
      'a drawing, which is a program',
      () => write('drawing.png', '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'),
      /cannot be read/,
    ],
    ['a picture of 900 million pixels in 100 kB', () => write('wide.png', png(30_000, 30_000)), /30000x30000/],
    ['a hundred thousand frames', () => write('many.gif', gif(16, 16, 100_000)), /more than 50 frames$/],
  ])('%s', async (_, make, message) => {
    const file = await make()
    const error = await checkUpload(file, configOf()).catch((cause: unknown) => cause)
    expect(error).toMatchObject({
      name: 'ServerError',
      status: 400,
      code: 'invalid_upload',
      message: expect.stringMatching(message) as string,
    })
    expect(String(error)).not.toContain(data)
  })
})

describe('what is killed', () => {
  afterEach(nothingIsLeft)
  test('beyond its memory', async () => {
    const file = write('deep.png', png(20_000, 20_000))
    const checked = checkUpload(file, configOf({ uploadMemory: 400 * 2 ** 20 }))
    await expect(checked).rejects.toMatchObject({ code: 'invalid_upload', message: expect.stringContaining('bytes of memory') as string })
  })

  test('beyond its time, also when it answers nothing any more', async () => {
    const file = write('slow.gif', gif(4000, 4000, 40))
    const checked = checkUpload(file, configOf({ uploadSeconds: 2, uploadMemory: 2 ** 36 }))
    const refused = expect(checked).rejects.toMatchObject({
      code: 'invalid_upload',
      message: expect.stringContaining('more than 2 s') as string,
    })
    await expect.poll(async () => (await ours()).length).toBeGreaterThan(0)
    for (const pid of await ours()) process.kill(pid, 'SIGSTOP')
    await refused
  })

  test('when nobody waits any more, also while it waits for its turn', async () => {
    const file = write('left.gif', gif(4000, 4000, 40))
    const left = new AbortController()
    const checks = [1, 2, 3].map(() => checkUpload(file, configOf({ uploadMemory: 2 ** 36 }), left.signal))
    setTimeout(() => left.abort(new Error('gone')), 300)
    for (const { status } of await Promise.allSettled(checks)) expect(status).toBe('rejected')
    expect(await checkUpload(MP4, configOf())).toMatchObject({ frames: 12 })
  })
})
