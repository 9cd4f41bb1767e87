// GIF, animated WebP and PNG frames through sharp. Loaded in the encoder child only: the whole clip
// is held as 8-bit pixels there, which libvips needs anyway, and killing the child cancels it.

import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import type { Codec } from './codec.ts'
import { insertGifComment } from './gif.ts'
import { checkLimits, type DecodeJob, type EncodeJob, type PictureForm, type VideoInfo } from './job.ts'
import { GIF_OPTIONS, WEBP_OPTIONS } from './quality.ts'
import { constantRate, frameDelays } from './rate.ts'
import { xmpPacket } from './webp.ts'

sharp.cache(false)

export const codec: Codec = { version: `sharp ${sharp.versions.sharp ?? ''}, libvips ${sharp.versions.vips}`, encode, decode }

const OWN_FRAME = /^frame_\d{4,}\.png$/
const NUMERIC = new Intl.Collator('en', { numeric: true })

async function encode(job: EncodeJob, frames: AsyncIterable<Uint8Array>): Promise<VideoInfo> {
  await (job.form === 'png' ? encodeFolder(job, frames) : encodeAnimation(job, frames))
  return probe(job.path, job.form)
}

async function encodeAnimation(job: EncodeJob, frames: AsyncIterable<Uint8Array>): Promise<void> {
  const { width, height } = job
  const clip = new Uint8Array(width * height * 3 * job.frames)
  let at = 0
  for await (const rgb of frames) {
    clip.set(rgb, at)
    at += rgb.length
  }
  const image = sharp(clip, {
    raw: { width, height: height * job.frames, channels: 3, pageHeight: height },
    limitInputPixels: false,
  })
  const fps = job.rate.num / job.rate.den
  if (job.form === 'gif') {
    const bytes = await image.gif({ ...GIF_OPTIONS, delay: frameDelays(job.frames, fps, 10) }).toBuffer()
    return writeFile(job.path, job.tags.comment === undefined ? bytes : insertGifComment(bytes, job.tags.comment))
  }
  const webp = image.webp({ ...WEBP_OPTIONS, delay: frameDelays(job.frames, fps, 1) })
  const tagged = job.tags.comment === undefined ? webp : webp.withXmp(xmpPacket(job.tags))
  return writeFile(job.path, await tagged.toBuffer())
}

async function encodeFolder(job: EncodeJob, frames: AsyncIterable<Uint8Array>): Promise<void> {
  const { width, height } = job
  let index = 0
  for await (const rgb of frames) {
    const png = await sharp(rgb, { raw: { width, height, channels: 3 } })
      .png()
      .toBuffer()
    await writeFile(join(job.path, `frame_${String(index++).padStart(4, '0')}.png`), png)
  }
  if (job.tags.comment !== undefined) await writeFile(join(job.path, 'kinora.json'), `${job.tags.comment}\n`)
}

async function probe(path: string, form: PictureForm): Promise<VideoInfo> {
  if (form !== 'png') return animationInfo(path)
  const names = await frameNames(path)
  const first = await sharp(join(path, names[0]!)).metadata()
  return { width: first.width, height: first.height, frames: names.length, fps: 0 }
}

async function animationInfo(path: string): Promise<VideoInfo> {
  const { width, height, pageHeight, delay } = await sharp(path, { animated: true, limitInputPixels: false }).metadata()
  const { repeats, fps } = constantRate(delay ?? [0])
  return { width, height: pageHeight ?? height, frames: repeats.reduce((sum, count) => sum + count, 0), fps: delay ? fps : 0 }
}

async function decode(job: DecodeJob, emit: (rgb: Uint8Array) => Promise<void>): Promise<VideoInfo> {
  const info = await probe(job.path, job.form)
  checkLimits(info, job.limits)
  if (job.form === 'png') return decodeFolder(job.path, info, emit)
  const image = sharp(job.path, { animated: true, limitInputPixels: false })
  const { delay } = await image.metadata()
  const rgb = await image.flatten({ background: '#000' }).toColourspace('srgb').raw().toBuffer()
  const size = info.width * info.height * 3
  for (const [page, count] of constantRate(delay ?? [0]).repeats.entries()) {
    for (let again = 0; again < count; again++) await emit(rgb.subarray(page * size, (page + 1) * size))
  }
  return info
}

async function decodeFolder(path: string, info: VideoInfo, emit: (rgb: Uint8Array) => Promise<void>): Promise<VideoInfo> {
  for (const name of await frameNames(path)) {
    const image = sharp(await readFile(join(path, name)), { limitInputPixels: info.width * info.height })
    const { data, info: size } = await image
      .flatten({ background: '#000' })
      .toColourspace('srgb')
      .raw()
      .toBuffer({ resolveWithObject: true })
    if (size.width !== info.width || size.height !== info.height || size.channels !== 3) {
      throw new Error(`${name} is ${size.width}x${size.height}, the first frame is ${info.width}x${info.height}`)
    }
    await emit(data)
  }
  return info
}

/** Our own frames, or in a folder of someone else's every PNG, in numeric order. */
async function frameNames(path: string): Promise<string[]> {
  const all = await readdir(path)
  const own = all.filter((name) => OWN_FRAME.test(name))
  const names = own.length > 0 ? own : all.filter((name) => /\.png$/i.test(name) && !name.startsWith('.'))
  if (names.length === 0) throw new Error('the folder holds no PNG frames')
  return names.sort(NUMERIC.compare)
}
