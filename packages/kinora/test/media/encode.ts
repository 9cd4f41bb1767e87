// Makes video files as other programs write them, for the reading tests: any codec and pixel format,
// timestamps of one's own, rotation, pixel shape, colour tags. FFmpeg's libraries through node-av.

import {
  AV_CODEC_FLAG_GLOBAL_HEADER,
  AV_CODEC_FLAG_INTERLACED_DCT,
  AV_CODEC_FLAG_INTERLACED_ME,
  AV_DISPOSITION_ATTACHED_PIC,
  AV_FRAME_FLAG_INTERLACED,
  AV_FRAME_FLAG_TOP_FIELD_FIRST,
  AV_LOG_ERROR,
  AV_PIX_FMT_RGB24,
  AV_PIX_FMT_RGBA,
  AV_PKT_DATA_DISPLAYMATRIX,
  AVCOL_RANGE_JPEG,
  AVCOL_RANGE_MPEG,
  AVCOL_SPC_RGB,
  AVCOL_SPC_UNSPECIFIED,
  type AVColorSpace,
  type AVColorTransferCharacteristic,
  AVERROR_EAGAIN,
  AVERROR_EOF,
  type AVPixelFormat,
  type FFEncoderCodec,
} from 'node-av/constants'
import {
  avGetPixFmtFromName,
  Codec,
  CodecContext,
  FFmpegError,
  FormatContext,
  Frame,
  Log,
  Packet,
  Rational,
  SoftwareScaleContext,
} from 'node-av/lib'
import { type Painter, quarters } from './paint.ts'

export interface ClipOptions {
  readonly width?: number
  readonly height?: number
  /** Milliseconds at which the frames start. Default: 6 frames, 100 ms apart. */
  readonly times?: readonly number[]
  readonly codec?: string
  readonly pixelFormat?: string
  readonly paint?: Painter
  /** Of the painter's bytes. */
  readonly channels?: 3 | 4
  /** The first four numbers of the display matrix: a, b, c, d. */
  readonly matrix?: readonly [number, number, number, number]
  /** Width over height of a pixel. */
  readonly pixelAspect?: readonly [number, number]
  /** Matrix and range that the pixels are stored in, and whether the file says so. */
  readonly colour?: {
    readonly space: AVColorSpace
    readonly full?: boolean
    readonly tagged?: boolean
    readonly transfer?: AVColorTransferCharacteristic
  }
  readonly interlaced?: boolean
  /** Marks the stream as cover art. */
  readonly cover?: boolean
  readonly codecOptions?: Readonly<Record<string, string>>
  readonly timeBase?: readonly [number, number]
}

Log.setLevel(AV_LOG_ERROR)

const STEP = 100

/** Encodes a clip; the path's ending picks the container. */
export function makeClip(path: string, options: ClipOptions = {}): void {
  const { times = [0, 1, 2, 3, 4, 5].map((i) => i * STEP), codec = 'libx264' } = options
  const implementation = Codec.findEncoderByName(codec as FFEncoderCodec)
  if (!implementation) throw new Error(`no encoder ${codec}`)
  const encoder = openEncoder(implementation, options)
  const output = new FormatContext()
  check(output.allocOutputContext2(null, null, path))
  const stream = output.newStream()
  check(stream.codecpar.fromContext(encoder))
  stream.timeBase = encoder.timeBase
  stream.sampleAspectRatio = encoder.sampleAspectRatio
  if (options.cover) stream.setDisposition(AV_DISPOSITION_ATTACHED_PIC)
  if (options.matrix) check(stream.codecpar.addCodedSideData(AV_PKT_DATA_DISPLAYMATRIX, displayMatrix(options.matrix)))
  check(output.openOutputSync())
  check(output.writeHeaderSync(null))
  const packet = new Packet()
  packet.alloc()
  const ticks = times.map((time) => BigInt(Math.round((time * encoder.timeBase.den) / encoder.timeBase.num / 1000)))
  const step = BigInt(Math.round((STEP * encoder.timeBase.den) / encoder.timeBase.num / 1000))
  const lengths = new Map(ticks.map((tick, index) => [tick, (ticks[index + 1] ?? tick + step) - tick]))
  const drain = () => {
    for (;;) {
      const status = encoder.receivePacketSync(packet)
      if (status === AVERROR_EAGAIN || status === AVERROR_EOF) return
      check(status)
      packet.streamIndex = stream.index
      packet.duration = lengths.get(packet.pts) ?? 0n
      packet.rescaleTs(encoder.timeBase, stream.timeBase)
      check(output.interleavedWriteFrameSync(packet))
    }
  }
  const scaler = new SoftwareScaleContext()
  scaler.allocContext()
  for (const [index, tick] of ticks.entries()) {
    const frame = paintFrame(options, index, encoder, scaler)
    frame.pts = tick
    check(encoder.sendFrameSync(frame))
    frame.free()
    drain()
  }
  check(encoder.sendFrameSync(null))
  drain()
  check(output.writeTrailerSync())
  output.closeOutputSync()
  encoder.freeContext()
  output.freeContext()
}

function openEncoder(implementation: Codec, options: ClipOptions): CodecContext {
  const {
    width = 48,
    height = 32,
    pixelFormat = 'yuv420p',
    pixelAspect = [1, 1],
    colour,
    codecOptions = {},
    timeBase = [1, 1000],
  } = options
  const context = new CodecContext()
  context.allocContext3(implementation)
  context.width = width
  context.height = height
  context.pixelFormat = avGetPixFmtFromName(pixelFormat)
  context.sampleAspectRatio = new Rational(...pixelAspect)
  context.timeBase = new Rational(...timeBase)
  context.framerate = new Rational(10, 1)
  context.maxBFrames = 0
  context.bitRate = 4_000_000n
  context.threadCount = 1
  if (colour?.tagged !== false && colour) {
    context.colorSpace = colour.space
    context.colorRange = colour.full ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG
    if (colour.transfer !== undefined) context.colorTrc = colour.transfer
  }
  context.setFlags(AV_CODEC_FLAG_GLOBAL_HEADER)
  if (options.interlaced) context.setFlags(AV_CODEC_FLAG_INTERLACED_DCT, AV_CODEC_FLAG_INTERLACED_ME)
  for (const [key, value] of Object.entries(codecOptions)) check(context.setOption(key, value))
  check(context.open2Sync(implementation, null))
  return context
}

function paintFrame(options: ClipOptions, index: number, encoder: CodecContext, scaler: SoftwareScaleContext): Frame {
  const { paint = quarters, channels = 3, colour } = options
  const { width, height, pixelFormat } = encoder
  const source = newFrame(width, height, channels === 4 ? AV_PIX_FMT_RGBA : AV_PIX_FMT_RGB24)
  const bytes = paint(index, width, height)
  const row = width * channels
  for (let y = 0; y < height; y++) source.data?.[0]?.set(bytes.subarray(y * row, (y + 1) * row), y * source.linesize[0]!)
  source.colorSpace = AVCOL_SPC_RGB
  source.colorRange = AVCOL_RANGE_JPEG
  const target = newFrame(width, height, pixelFormat)
  target.colorSpace = colour?.space ?? AVCOL_SPC_UNSPECIFIED
  target.colorRange = colour?.full ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG
  check(scaler.scaleFrameSync(target, source))
  source.free()
  if (options.interlaced) target.setFlags(AV_FRAME_FLAG_INTERLACED, AV_FRAME_FLAG_TOP_FIELD_FIRST)
  return target
}

function newFrame(width: number, height: number, format: AVPixelFormat): Frame {
  const frame = new Frame()
  frame.alloc()
  frame.width = width
  frame.height = height
  frame.format = format
  check(frame.getBuffer())
  return frame
}

function displayMatrix([a, b, c, d]: readonly [number, number, number, number]): Buffer {
  const bytes = Buffer.alloc(36)
  const one = 1 << 16
  for (const [at, value] of [a * one, b * one, 0, c * one, d * one, 0, 0, 0, 1 << 30].entries()) bytes.writeInt32LE(value, at * 4)
  return bytes
}

function check(status: number): void {
  FFmpegError.throwIfError(status, 'make a test clip')
}
