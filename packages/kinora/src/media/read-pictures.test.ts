// Animations, single pictures, folders of pictures and our own tensors, read as videos.

import { mkdir, readFile, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp, { type Sharp } from 'sharp'
import { describe, expect, test } from 'vitest'
import { inFolder, movingDisc } from '../../test/media/clips.ts'
import { makeGif } from '../../test/media/gif.ts'
import { MediaError } from '../errors.ts'
import { encodeSafetensors } from '../tensor/safetensors.ts'
import { tensor } from '../tensor/tensor.ts'
import { readVideo, type VideoFrames } from './read.node.ts'
import { saveVideo } from './save.node.ts'

const COLOURS = [
  [255, 0, 0],
  [0, 255, 0],
  [0, 0, 255],
  [255, 255, 255],
] as const

/** Four frames on a canvas of four pixels, one for each disposal method, shown for 100, 300, 100 and 200 ms. */
const LAYERS = makeGif(4, COLOURS, [
  { left: 0, width: 4, colour: 0, delay: 10, disposal: 1 },
  { left: 1, width: 1, colour: 1, delay: 30, disposal: 2 },
  { left: 2, width: 1, colour: 2, delay: 10, disposal: 3 },
  { left: 0, width: 1, colour: 1, delay: 20, disposal: 1 },
])
/** What a browser shows: a cleared pixel is transparent, thus black. */
const CANVASES = ['RRRR', 'RGRR', 'R-BR', 'G-RR']

/** Each frame's first row in letters. */
function rows({ frames, width, height }: VideoFrames): string[] {
  const letters = new Map([...COLOURS.entries()].map(([index, colour]) => [colour.join(), 'RGBW'[index]!]))
  return Array.from({ length: frames.shape[0]! }, (_, frame) =>
    Array.from({ length: width }, (__, x) => {
      const at = (frame * height * width + x) * 3
      const bytes = [...frames.data.subarray(at, at + 3)].map((value) => Math.round(value * 255))
      return letters.get(bytes.join()) ?? (bytes.join() === '0,0,0' ? '-' : '?')
    }).join(''),
  )
}

/** One colour all over. */
function flat(colour: readonly number[], width = 4, height = 2): Sharp {
  const [r = 0, g = 0, b = 0] = colour
  return sharp({ create: { width, height, channels: 3, background: { r, g, b } } })
}

function firstPixel({ frames }: VideoFrames, frame = 0): number[] {
  const size = frames.data.length / frames.shape[0]!
  return [...frames.data.subarray(frame * size, frame * size + 3)].map((value) => Math.round(value * 255))
}

describe.concurrent('animations', () => {
  test('a GIF of parts is composed as its disposal methods say, and long delays become repeated frames', () =>
    inFolder(async (folder) => {
      const path = join(folder, 'a.bin')
      await writeFile(path, LAYERS)
      const [one, two, three, four] = CANVASES as [string, string, string, string]
      const video = await readVideo(path)
      expect(rows(video)).toEqual([one, two, two, two, three, four, four])
      expect(video).toMatchObject({ fps: 10, width: 4, height: 1 })
      expect(rows(await readVideo(path, { fps: 5 }))).toEqual([one, two, three, four])
      expect(rows(await readVideo(path, { start: 3, count: 2 }))).toEqual([two, three])
      expect(rows(await readVideo(path, { last: 3 }))).toEqual([three, four, four])
      await expect(readVideo(path, { start: 7 })).rejects.toThrow(/no frame 7/)
      await expect(readVideo(path, { maxFrames: 6 })).rejects.toThrow(/more than 6 frames/)
    }))

  test('an animated WebP with alpha lies on black', () =>
    inFolder(async (folder) => {
      const path = join(folder, 'a.webp')
      const pages = [255, 0].map((alpha) => Uint8Array.from({ length: 64 }, (_, at) => [0, 0, 255, alpha][at % 4]!))
      const raw = { width: 4, height: 8, channels: 4, pageHeight: 4 } as const
      await writeFile(
        path,
        await sharp(Buffer.concat(pages), { raw })
          .webp({ lossless: true, delay: [40, 80] })
          .toBuffer(),
      )
      const video = await readVideo(path)
      expect(video.fps).toBeCloseTo(25, 3)
      expect(rows(video)).toEqual(['BBBB', '----', '----'])
    }))

  test.each(['gif', 'webp'])('a damaged %s is refused', (form) =>
    inFolder(async (folder) => {
      const path = join(folder, `a.${form}`)
      await saveVideo(movingDisc(6, 64, 64), path)
      await truncate(path, Math.floor((await readFile(path)).length * 0.6))
      await expect(readVideo(path)).rejects.toThrow(/it is cut off/)
    }),
  )
})

describe.concurrent('single pictures', () => {
  test.each(['jpeg', 'tiff', 'avif'] as const)('%s is one frame', (form) =>
    inFolder(async (folder) => {
      const path = join(folder, 'picture')
      await writeFile(path, await flat([250, 10, 20], 16, 16).toFormat(form).toBuffer())
      const video = await readVideo(path)
      expect(video).toMatchObject({ fps: 8, width: 16, height: 16, frames: { shape: [1, 16, 16, 3] } })
      for (const [channel, level] of [250, 10, 20].entries()) expect(Math.abs(firstPixel(video)[channel]! - level)).toBeLessThanOrEqual(4)
    }),
  )

  test('bmp, which only FFmpeg knows', () =>
    inFolder(async (folder) => {
      const pixels = Array.from({ length: 4 }, () => [0, 0, 255, 0, 255, 0, 0, 0]).flat()
      const header = Buffer.alloc(54)
      header.write('BM')
      for (const [at, value] of [
        [2, 86],
        [10, 54],
        [14, 40],
        [18, 2],
        [22, 4],
        [34, 32],
      ] as const)
        header.writeUInt32LE(value, at)
      header.writeUInt16LE(1, 26)
      header.writeUInt16LE(24, 28)
      await writeFile(join(folder, 'a.bmp'), Buffer.concat([header, Buffer.from(pixels)]))
      expect(rows(await readVideo(join(folder, 'a.bmp')))).toEqual(['RG'])
    }))

  test.each([
    ['a camera on its side', 6, [2, 4], 'RRGG'],
    ['a camera upside down', 3, [4, 2], 'BBBB'],
  ] as const)('%s is turned upright', (_, orientation, [width, height], row) =>
    inFolder(async (folder) => {
      // 4x2: red above, blue below for one; red left, green right for the other.
      const path = join(folder, 'a.tiff')
      const at = (x: number, y: number) => (orientation === 3 ? COLOURS[y === 0 ? 0 : 2] : COLOURS[x < 2 ? 0 : 1])
      const pixels = Buffer.from([0, 1].flatMap((y) => [0, 1, 2, 3].flatMap((x) => [...at(x, y)])))
      await writeFile(
        path,
        await sharp(pixels, { raw: { width: 4, height: 2, channels: 3 } })
          .withMetadata({ orientation })
          .png()
          .toBuffer(),
      )
      const video = await readVideo(path)
      expect([video.width, video.height]).toEqual([width, height])
      const shown =
        orientation === 3
          ? rows(video).join()
          : [0, 1, 2, 3].map((y) => 'RGBW'[COLOURS.findIndex((c) => c.join() === pixel(video, 0, y).join())]).join('')
      expect(shown).toBe(row)
    }),
  )

  test.each(['png', 'jpeg', 'webp', 'tiff'] as const)('half a %s is refused', (form) =>
    inFolder(async (folder) => {
      const noise = Buffer.from(Uint8Array.from({ length: 64 * 64 * 3 }, (_, at) => Math.imul(at, 2654435761) >>> 24))
      const whole = await sharp(noise, { raw: { width: 64, height: 64, channels: 3 } })
        .toFormat(form)
        .toBuffer()
      await writeFile(join(folder, 'picture'), whole.subarray(0, whole.length / 2))
      await expect(readVideo(join(folder, 'picture'))).rejects.toThrow(MediaError)
    }),
  )

  test('16-bit, grey and transparent pictures become 8-bit RGB on black', () =>
    inFolder(async (folder) => {
      const deep = new Uint16Array(12).fill(0x8080)
      const files = {
        deep: sharp(deep, { raw: { width: 2, height: 2, channels: 3 } }).toColourspace('rgb16'),
        grey: sharp(new Uint8Array(4).fill(128), { raw: { width: 2, height: 2, channels: 1 } }),
        clear: sharp(
          Uint8Array.from({ length: 16 }, (_, at) => (at % 4 === 3 ? 128 : 255)),
          { raw: { width: 2, height: 2, channels: 4 } },
        ),
      }
      for (const [name, image] of Object.entries(files)) {
        await image.png().toFile(join(folder, `${name}.png`))
        expect(firstPixel(await readVideo(join(folder, `${name}.png`))), name).toEqual([128, 128, 128])
      }
    }))

  test('a drawing program (SVG) under a picture name is not run', () =>
    inFolder(async (folder) => {
      await mkdir(join(folder, 'frames'))
      await writeFile(
        join(folder, 'frames', '1.png'),
        '<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"><rect width="4" height="4"/></svg>',
      )
      await expect(readVideo(join(folder, 'frames'))).rejects.toThrow(MediaError)
    }))
})

function pixel({ frames, width }: VideoFrames, x: number, y: number): number[] {
  const at = (y * width + x) * 3
  return [...frames.data.subarray(at, at + 3)].map((value) => Math.round(value * 255))
}

describe.concurrent('folders', () => {
  const LEVELS = [10, 60, 110, 160, 210]

  async function fill(folder: string, names: readonly string[]): Promise<void> {
    await Promise.all(names.map((name, index) => flat(Array(3).fill(LEVELS[index]!)).toFile(join(folder, name))))
  }

  const levels = (video: VideoFrames) => Array.from({ length: video.frames.shape[0]! }, (_, frame) => firstPixel(video, frame)[0])

  test('pictures of any kind come in numeric order, other files do not count', () =>
    inFolder(async (folder) => {
      await fill(folder, ['shot 2.png', 'shot 9.JPG', 'shot 10.webp', 'shot 100.jpeg', 'shot 101.tif'])
      await writeFile(join(folder, '.shot 1.png'), 'a hidden file')
      await writeFile(join(folder, 'notes.txt'), 'mine')
      await mkdir(join(folder, 'more.png'))
      const video = await readVideo(folder)
      for (const [index, level] of levels(video).entries()) expect(Math.abs(level! - LEVELS[index]!)).toBeLessThanOrEqual(2)
      expect(video).toMatchObject({ fps: 8, width: 4, height: 2, frames: { shape: [5, 2, 4, 3] } })
    }))

  test('a part of it, or another rate, opens only what it needs', () =>
    inFolder(async (folder) => {
      await fill(folder, ['1.png', '2.png', '3.png', '4.png'])
      await writeFile(join(folder, '5.png'), 'broken')
      expect(levels(await readVideo(folder, { start: 1, count: 2 }))).toEqual([60, 110])
      // Five frames at 8 a second, of which each second one is wanted.
      expect(levels(await readVideo(folder, { fps: 4, count: 2 }))).toEqual([10, 110])
      expect(levels(await readVideo(folder, { fps: 16, count: 3 }))).toEqual([10, 10, 60])
      await expect(readVideo(folder, { last: 1 })).rejects.toThrow(MediaError)
      await expect(readVideo(folder, { maxFrames: 4 })).rejects.toThrow(/more than 4 frames/)
    }))

  test('pictures of several sizes are refused with the name of the odd one', () =>
    inFolder(async (folder) => {
      await fill(folder, ['1.png', '2.png'])
      await flat([0, 0, 0], 5, 2).toFile(join(folder, '3.png'))
      await expect(readVideo(folder)).rejects.toThrow(/3\.png: it is 5x2, the first picture is 4x2/)
    }))
})

describe.concurrent('our own tensors', () => {
  test('a part, a rate, and a name without ending', () =>
    inFolder(async (folder) => {
      const path = join(folder, 'clip.safetensors')
      const clip = movingDisc(6, 4, 6)
      const frame = (index: number) => clip.data.slice(index * 72, (index + 1) * 72)
      await saveVideo(clip, path, { fps: 12 })
      const part = await readVideo(path, { start: 2, count: 1 })
      expect([part.fps, part.frames.shape, part.frames.data]).toEqual([12, [1, 4, 6, 3], frame(2)])
      const slow = await readVideo(path, { fps: 6, last: 2 })
      expect([slow.fps, slow.frames.data]).toEqual([6, Float32Array.from([...frame(2), ...frame(4)])])
      await expect(readVideo(path, { start: 6 })).rejects.toThrow(/6 frames, none from 6 on/)
      await expect(readVideo(path, { maxFrames: 5 })).rejects.toThrow(/more than 5 frames/)
    }))

  test('a checkpoint is no video', () =>
    inFolder(async (folder) => {
      const path = join(folder, 'model.safetensors')
      await writeFile(path, Buffer.concat(encodeSafetensors({ weight: tensor('float32', [4, 4]) })))
      await expect(readVideo(path)).rejects.toThrow(/holds no float32 tensor `frames`/)
    }))
})
