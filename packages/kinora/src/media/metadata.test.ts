import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { inFolder, movingDisc } from '../../test/media/clips.ts'
import { ArgumentError, MediaError } from '../errors.ts'
import { insertGifComment, readGifComment } from './gif.ts'
import { readMetadata } from './metadata.node.ts'
import { readMp4Comment } from './mp4.ts'
import { readSafetensorsComment } from './safetensors-read.ts'
import { saveVideo } from './save.node.ts'
import { type ByteSource, bytesSource } from './source.ts'
import { parseRequest, requestTags } from './tags.ts'
import { readWebmComment } from './webm.ts'
import { readWebpComment, xmpPacket } from './webp.ts'

const READERS = {
  mp4: readMp4Comment,
  webm: readWebmComment,
  gif: readGifComment,
  webp: readWebpComment,
  safetensors: readSafetensorsComment,
}
const REQUEST = { kinora: '0.1.0', prompt: 'a red ball', seed: 1 }
const files = new Map<keyof typeof READERS, Uint8Array>()

beforeAll(() =>
  inFolder(async (folder) => {
    for (const form of Object.keys(READERS) as (keyof typeof READERS)[]) {
      const path = join(folder, `a.${form}`)
      await saveVideo(movingDisc(2, 16, 16), path, { metadata: REQUEST })
      files.set(form, await readFile(path))
    }
  }),
)

test.each(Object.entries(READERS))('%s: damaged files never throw, hang or read outside', async (form, read) => {
  const file = files.get(form as keyof typeof READERS)!
  expect(JSON.parse((await read(bytesSource(file))) ?? '')).toEqual(REQUEST)
  await fc.assert(
    fc.asyncProperty(
      fc.nat(file.length),
      fc.array(fc.tuple(fc.nat(Math.min(file.length, 2000) - 1), fc.nat(255)), { maxLength: 20 }),
      async (length, changes) => {
        const damaged = Uint8Array.from(file)
        for (const [at, value] of changes) damaged[at] = value
        const cut = changes.length % 2 === 0 ? damaged : damaged.subarray(0, length)
        let reads = 0
        const source: ByteSource = {
          size: cut.length,
          read: async (offset, count) => {
            reads++
            expect(offset >= 0 && count >= 0 && offset + count <= cut.length).toBe(true)
            return cut.subarray(offset, offset + count)
          },
        }
        const text = await read(source)
        expect(text === undefined || typeof text === 'string').toBe(true)
        expect(reads).toBeLessThan(100_000)
      },
    ),
    { numRuns: 300 },
  )
})

test('any JSON text survives a GIF comment and an XMP packet', async () => {
  const gif = Uint8Array.from([
    ...new TextEncoder().encode('GIF89a'),
    1,
    0,
    1,
    0,
    0,
    0,
    0,
    0x2c,
    0,
    0,
    0,
    0,
    1,
    0,
    1,
    0,
    0,
    2,
    1,
    0,
    0,
    0x3b,
  ])
  await fc.assert(
    fc.asyncProperty(fc.jsonValue({ maxDepth: 3 }), fc.string({ unit: 'binary' }), async (value, prompt) => {
      const comment = JSON.stringify({ prompt, value })
      const inGif = await readGifComment(bytesSource(insertGifComment(gif, comment)))
      expect(JSON.parse(inGif ?? '')).toEqual(JSON.parse(comment))
      const xmp = new TextEncoder().encode(xmpPacket({ comment, title: prompt }))
      const riff = new Uint8Array(20 + xmp.length)
      riff.set(new TextEncoder().encode('RIFF....WEBPXMP '))
      new DataView(riff.buffer).setUint32(16, xmp.length, true)
      riff.set(xmp, 20)
      expect(await readWebpComment(bytesSource(riff))).toBe(comment)
    }),
  )
})

test('a GIF keeps its loop and its pictures when a comment goes in', () => {
  const gif = files.get('gif')!
  const text = Buffer.from(gif).toString('latin1')
  expect(text.indexOf('NETSCAPE2.0')).toBeGreaterThan(0)
  expect(text.indexOf('NETSCAPE2.0')).toBeLessThan(text.indexOf('a red ball'))
})

test('the prompt becomes the title; anything that is no request is ignored', () => {
  expect(requestTags({ prompt: 'a\0b', seed: 1 })).toEqual({ title: 'ab', comment: '{"prompt":"a\\u0000b","seed":1}' })
  expect(requestTags({ prompt: ['two', 'prompts'] }).title).toBeUndefined()
  expect(requestTags(false)).toEqual({})
  expect(() => requestTags({ toJSON: () => undefined })).toThrow(ArgumentError)
  for (const comment of [undefined, '', 'made with love', '[1]', '3', 'null']) expect(parseRequest(comment)).toBeUndefined()
})

test('a missing file and an unknown form are told apart', () =>
  inFolder(async (folder) => {
    await expect(readMetadata(join(folder, 'none.mp4'))).rejects.toThrow(MediaError)
    await expect(readMetadata(join(folder, 'none.txt'))).rejects.toThrow(ArgumentError)
    await writeFile(join(folder, 'a.mp4'), '')
    expect(await readMetadata(join(folder, 'a.mp4'))).toBeUndefined()
  }))
