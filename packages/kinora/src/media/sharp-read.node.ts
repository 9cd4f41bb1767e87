// GIF, WebP, single pictures and folders of pictures read through sharp. Loaded in the encoder child
// only. Animations come from libvips as whole canvases, so their disposal methods are its matter.

import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import sharp, { type Metadata, type Sharp } from 'sharp'
import { checkLimits, type DecodedInfo, type DecodeJob, type VideoInfo } from './job.ts'
import { copiesAtRate, keptCopies } from './pick.ts'
import { constantRate, type Rate } from './rate.ts'

type Emit = (rgb: Uint8Array) => Promise<void>

// A drawing is a program: it may name other files, and its size says nothing of its cost.
sharp.block({ operation: ['VipsForeignLoadSvg'] })

const OWN_FRAME = /^frame_\d{4,}\.png$/
const PICTURE = /\.(png|jpe?g|webp|tiff?|avif)$/i
const NUMERIC = new Intl.Collator('en', { numeric: true })
const MILLISECONDS: Rate = { num: 1, den: 1000 }
/** Of one picture's file in a folder, which is read whole. */
const MAX_FILE_BYTES = 1 << 29

/** What a written file or folder holds. */
export async function probe(path: string, form: 'picture' | 'folder'): Promise<VideoInfo> {
  if (form === 'folder') {
    const names = await pictureNames(path)
    return { ...upright(await open(join(path, names[0]!)).metadata()), frames: names.length, fps: 0 }
  }
  const metadata = await open(path).metadata()
  const { copies, fps } = timing(delaysOf(metadata), undefined)
  return { ...upright(metadata), frames: copies.reduce((sum, count) => sum + count, 0), fps }
}

export function decode(job: DecodeJob, emit: Emit): Promise<DecodedInfo> {
  return job.form === 'folder' ? decodeFolder(job, emit) : decodePicture(job, emit)
}

async function decodePicture({ path, limits, pick }: DecodeJob, emit: Emit): Promise<DecodedInfo> {
  const metadata = await open(path).metadata()
  const { copies, fps } = timing(delaysOf(metadata), pick.rate)
  const kept = keptCopies(copies, pick)
  const frames = kept.reduce((sum, count) => sum + count, 0)
  const size = upright(metadata)
  checkLimits({ ...size, frames: Math.max(1, frames) }, limits)
  const first = kept.findIndex((count) => count > 0)
  const last = kept.findLastIndex((count) => count > 0)
  if (first >= 0) {
    const pages = last - first + 1
    // Pages between kept ones are decoded with them.
    checkLimits({ ...size, frames: pages }, { ...limits, maxFrames: pages })
    const part = kept.length > 1 ? sharp(path, { ...TRUSTING, page: first, pages }) : open(path).autoOrient()
    const { data, info } = await toRgb(part).toBuffer({ resolveWithObject: true })
    const bytes = size.width * size.height * 3
    if (info.channels !== 3 || data.length !== bytes * pages) throw new Error('its pictures are not all there')
    for (let page = 0; page < pages; page++) {
      for (let copy = 0; copy < kept[first + page]!; copy++) await emit(data.subarray(page * bytes, (page + 1) * bytes))
    }
  }
  const ended = pick.count === undefined || frames < pick.count
  return { ...size, frames, fps, ended, notes: [] }
}

/** Sizes are checked before any pixel is decoded. What cameras get wrong without harm is no error. */
const TRUSTING = { limitInputPixels: false, failOn: 'error' } as const

function open(path: string): Sharp {
  return sharp(path, TRUSTING)
}

/** 8-bit sRGB, alpha on black. */
function toRgb(image: Sharp): Sharp {
  return image.flatten({ background: '#000' }).toColourspace('srgb').raw()
}

/** Size of one picture as it is shown: cameras store theirs as the sensor lies. */
function upright({ width, height, pageHeight, autoOrient }: Metadata): { width: number; height: number } {
  return autoOrient && !pageHeight ? { width: autoOrient.width, height: autoOrient.height } : { width, height: pageHeight ?? height }
}

/** Milliseconds of each page; none for a single picture, whatever its form. */
function delaysOf({ format, pages = 1, delay }: Metadata): number[] {
  if (pages < 2 || (format !== 'gif' && format !== 'webp')) return []
  return Array.from({ length: pages }, (_, page) => delay?.[page] ?? 0)
}

/** How often each page is shown, and the rate that makes it last as long as it should. 0 for a single picture. */
function timing(delays: readonly number[], rate: Rate | undefined): { copies: number[]; fps: number } {
  const fps = rate ? rate.num / rate.den : 0
  if (delays.length === 0) return { copies: [1], fps }
  const { repeats, fps: own, shown } = constantRate(delays)
  return rate ? { copies: copiesAtRate(shown, MILLISECONDS, rate), fps } : { copies: repeats, fps: own }
}

async function decodeFolder({ path, limits, pick, rate }: DecodeJob, emit: Emit): Promise<DecodedInfo> {
  const names = await pictureNames(path)
  const one = { num: rate.den, den: rate.num }
  const copies = names.map(() => 1)
  const kept = keptCopies(pick.rate ? copiesAtRate(copies, one, pick.rate) : copies, pick)
  const frames = kept.reduce((sum, count) => sum + count, 0)
  const size = upright(await named(names[0]!, open(join(path, names[0]!)).metadata()))
  checkLimits({ ...size, frames: Math.max(1, frames) }, limits)
  for (const [index, name] of names.entries()) {
    if (kept[index] === 0) continue
    const rgb = await named(name, readPicture(join(path, name), size))
    for (let copy = 0; copy < kept[index]!; copy++) await emit(rgb)
  }
  const { num, den } = pick.rate ?? { num: 0, den: 1 }
  return { ...size, frames, fps: num / den, ended: pick.count === undefined || frames < pick.count, notes: [] }
}

async function readPicture(path: string, expected: { width: number; height: number }): Promise<Uint8Array> {
  const { size } = await stat(path)
  if (size > MAX_FILE_BYTES) throw new Error(`it has ${size} bytes: a picture may have ${MAX_FILE_BYTES}`)
  const file = await readFile(path)
  const { width, height } = upright(await sharp(file, TRUSTING).metadata())
  if (width !== expected.width || height !== expected.height) {
    throw new Error(`it is ${width}x${height}, the first picture is ${expected.width}x${expected.height}`)
  }
  const { data, info } = await toRgb(sharp(file, TRUSTING).autoOrient()).toBuffer({ resolveWithObject: true })
  if (info.channels !== 3 || data.length !== width * height * 3) throw new Error('its pixels are not all there')
  return data
}

/** Says which picture of a folder an error is about. */
async function named<T>(name: string, reading: Promise<T>): Promise<T> {
  return reading.catch((cause: unknown) => {
    throw new Error(`${name}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
  })
}

/** Our own frames, or in a folder of someone else's every picture, in numeric order. */
async function pictureNames(path: string): Promise<string[]> {
  const entries = await readdir(path, { withFileTypes: true })
  const all = entries.filter((entry) => entry.isFile() || entry.isSymbolicLink()).map(({ name }) => name)
  const own = all.filter((name) => OWN_FRAME.test(name))
  const names = own.length > 0 ? own : all.filter((name) => PICTURE.test(name) && !name.startsWith('.'))
  if (names.length === 0) throw new Error('the folder holds no pictures (png, jpg, webp, tiff, avif)')
  return names.sort(NUMERIC.compare)
}
