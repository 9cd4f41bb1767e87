// A video file opened through node-av: its first real video stream (cover art is none) and what the
// container says about it. Only the listed containers and local files are opened: playlists could name
// other files or hosts. The frames are node-av-frames.node.ts's matter.

import { AV_DISPOSITION_ATTACHED_PIC, AV_PKT_DATA_DISPLAYMATRIX, AVMEDIA_TYPE_VIDEO } from 'node-av/constants'
import { Codec, CodecContext, FFmpegError, FormatContext, type Rational, type Stream } from 'node-av/lib'
import { CONTAINERS } from './containers.ts'
import { type Orientation, orientationOf, UPRIGHT } from './orientation.ts'
import type { Rate } from './rate.ts'

export interface OpenVideo {
  readonly input: FormatContext
  readonly stream: Stream
  readonly decoder: CodecContext
  readonly width: number
  readonly height: number
  readonly pixelAspect: Rate
  readonly orientation: Orientation
  /** Of one tick of a frame's time. */
  readonly timeBase: Rate
  /** Frames per second as the container declares them, most trusted first. */
  readonly rates: readonly number[]
}

export function openVideo(path: string): OpenVideo {
  const input = new FormatContext()
  input.allocContext()
  input.setOption('format_whitelist', CONTAINERS)
  input.setOption('protocol_whitelist', 'file')
  checkOpen(input.openInputSync(`file:${path}`))
  checkOpen(input.findStreamInfoSync())
  const stream = input.streams.find(
    ({ codecpar, disposition }) => codecpar.codecType === AVMEDIA_TYPE_VIDEO && (disposition & AV_DISPOSITION_ATTACHED_PIC) === 0,
  )
  if (!stream) throw new Error('the file has no video stream')
  const { width, height } = stream.codecpar
  const aspect = stream.sampleAspectRatio.num > 0 ? stream.sampleAspectRatio : stream.codecpar.sampleAspectRatio
  const matrix = stream.codecpar.getCodedSideData(AV_PKT_DATA_DISPLAYMATRIX)
  return {
    input,
    stream,
    decoder: openDecoder(stream),
    width,
    height,
    pixelAspect: aspect.num > 0 && aspect.den > 0 ? { num: aspect.num, den: aspect.den } : { num: 1, den: 1 },
    orientation: matrix && matrix.length >= 36 ? orientationOf(Array.from({ length: 9 }, (_, at) => matrix.readInt32LE(at * 4))) : UPRIGHT,
    timeBase: { num: stream.timeBase.num, den: stream.timeBase.den },
    rates: [stream.avgFrameRate, stream.rFrameRate].map(toNumber),
  }
}

function checkOpen(status: number): void {
  if (status < 0) throw new Error(`it cannot be opened as a video (${new FFmpegError(status).message})`)
}

function toNumber({ num, den }: Rational): number {
  return den > 0 ? num / den : 0
}

function openDecoder(stream: Stream): CodecContext {
  const implementation = Codec.findDecoder(stream.codecpar.codecId)
  if (!implementation) throw new Error('no decoder for the video in this file')
  const decoder = new CodecContext()
  decoder.allocContext3(implementation)
  check(stream.codecpar.toContext(decoder), 'set up the decoder')
  decoder.pktTimebase = stream.timeBase
  decoder.threadCount = 0
  check(decoder.open2Sync(implementation, null), 'start the decoder')
  return decoder
}

export function closeVideo({ input, decoder }: OpenVideo): void {
  decoder.freeContext()
  input.closeInputSync()
}

export function check(status: number, doing: string): void {
  FFmpegError.throwIfError(status, doing)
}
