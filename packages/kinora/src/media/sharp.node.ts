// GIF, animated WebP and PNG frames written through sharp. Loaded in the encoder child only: the whole
// clip is held as 8-bit pixels there, which libvips needs anyway, and killing the child cancels it.

import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import type { Codec } from './codec.ts'
import { insertGifComment } from './gif.ts'
import type { EncodeJob, VideoInfo } from './job.ts'
import { GIF_OPTIONS, WEBP_OPTIONS } from './quality.ts'
import { frameDelays } from './rate.ts'
import { decode, probe } from './sharp-read.node.ts'
import { xmpPacket } from './webp.ts'

sharp.cache(false)

export const codec: Codec = { version: `sharp ${sharp.versions.sharp ?? ''}, libvips ${sharp.versions.vips}`, encode, decode }

async function encode(job: EncodeJob, frames: AsyncIterable<Uint8Array>): Promise<VideoInfo> {
  await (job.form === 'png' ? encodeFolder(job, frames) : encodeAnimation(job, frames))
  return probe(job.path, job.form === 'png' ? 'folder' : 'picture')
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
