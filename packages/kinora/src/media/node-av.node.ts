// mp4 and webm through node-av (FFmpeg's libraries in process). Loaded in the encoder child only.
// Frames are copied row by row into memory that FFmpeg owns, since Frame.fromVideoBuffer keeps
// pointing into the JavaScript buffer; options go through setOption, since a Dictionary handed to
// open2 or writeHeader is freed twice. Colour is tagged in full: players guess when a tag is absent.

import {
  AV_CODEC_FLAG_GLOBAL_HEADER,
  AV_LOG_ERROR,
  AV_PIX_FMT_YUV420P,
  AVCHROMA_LOC_LEFT,
  AVCOL_PRI_BT709,
  AVCOL_RANGE_MPEG,
  AVCOL_SPC_BT709,
  AVCOL_TRC_BT709,
  AVERROR_EAGAIN,
  AVERROR_EOF,
  AVFMT_FLAG_BITEXACT,
  type FFEncoderCodec,
} from 'node-av/constants'
import {
  Codec,
  CodecContext,
  Dictionary,
  FFmpegError,
  FormatContext,
  Frame,
  getFFmpegInfo,
  Log,
  Packet,
  Rational,
  type Stream,
} from 'node-av/lib'
import type { Codec as CodecLibrary } from './codec.ts'
import type { EncodeJob, VideoInfo } from './job.ts'
import { decode, probe } from './node-av-read.node.ts'
import { keyframeInterval, VIDEO_CODECS } from './quality.ts'

Log.setLevel(AV_LOG_ERROR)

export const codec: CodecLibrary = { version: `FFmpeg ${getFFmpegInfo().version}`, encode, decode }

async function encode(job: EncodeJob, frames: AsyncIterable<Uint8Array>): Promise<VideoInfo> {
  if (job.form !== 'mp4' && job.form !== 'webm') throw new Error(`node-av does not write ${job.form}`)
  const encoder = openEncoder(job, job.form)
  const { output, stream } = openOutput(job, job.form, encoder)
  const packet = new Packet()
  packet.alloc()
  let index = 0n
  for await (const planes of frames) {
    const frame = toFrame(planes, job, index++)
    check(encoder.sendFrameSync(frame), 'encode a frame')
    frame.free()
    writePackets(encoder, output, stream, packet)
  }
  check(encoder.sendFrameSync(null), 'finish the video')
  writePackets(encoder, output, stream, packet)
  check(output.writeTrailerSync(), 'finish the file')
  output.closeOutputSync()
  packet.free()
  encoder.freeContext()
  output.freeContext()
  return probe(job.path)
}

function openEncoder(job: EncodeJob, form: keyof typeof VIDEO_CODECS): CodecContext {
  const { encoder: name, options } = VIDEO_CODECS[form]
  const implementation = Codec.findEncoderByName(name as FFEncoderCodec)
  if (!implementation) throw new Error(`this build of node-av has no ${name} encoder`)
  const context = new CodecContext()
  context.allocContext3(implementation)
  context.width = job.width
  context.height = job.height
  context.pixelFormat = AV_PIX_FMT_YUV420P
  context.sampleAspectRatio = new Rational(1, 1)
  context.timeBase = new Rational(job.rate.den, job.rate.num)
  context.framerate = new Rational(job.rate.num, job.rate.den)
  context.gopSize = keyframeInterval(job.rate)
  // No target bit rate: quality rules. Threads: as many as the codec sees fit.
  context.bitRate = 0n
  context.threadCount = 0
  context.colorPrimaries = AVCOL_PRI_BT709
  context.colorTrc = AVCOL_TRC_BT709
  context.colorSpace = AVCOL_SPC_BT709
  context.colorRange = AVCOL_RANGE_MPEG
  context.chromaLocation = AVCHROMA_LOC_LEFT
  context.setFlags(AV_CODEC_FLAG_GLOBAL_HEADER)
  for (const [key, value] of Object.entries(options)) check(context.setOption(key, value), `set ${key} of ${name}`)
  check(context.open2Sync(implementation, null), `start ${name}`)
  return context
}

function openOutput(job: EncodeJob, form: keyof typeof VIDEO_CODECS, encoder: CodecContext): { output: FormatContext; stream: Stream } {
  const output = new FormatContext()
  check(output.allocOutputContext2(null, form, job.path), `make a ${form} file`)
  const stream = output.newStream()
  check(stream.codecpar.fromContext(encoder), 'describe the video')
  stream.timeBase = encoder.timeBase
  stream.avgFrameRate = encoder.framerate
  const tags = Dictionary.fromObject({ ...job.tags })
  output.metadata = tags
  tags.free()
  check(output.openOutputSync(), 'open the file')
  // No random ids and no version strings: the same frames make the same bytes.
  output.setFlags(AVFMT_FLAG_BITEXACT)
  if (form === 'mp4') check(output.setOption('movflags', '+faststart'), 'set faststart')
  check(output.writeHeaderSync(null), 'write the header')
  return { output, stream }
}

function toFrame(planes: Uint8Array, { width, height }: EncodeJob, index: bigint): Frame {
  const frame = new Frame()
  frame.alloc()
  frame.width = width
  frame.height = height
  frame.format = AV_PIX_FMT_YUV420P
  check(frame.getBuffer(), 'allocate a frame')
  frame.pts = index
  frame.duration = 1n
  frame.colorPrimaries = AVCOL_PRI_BT709
  frame.colorTrc = AVCOL_TRC_BT709
  frame.colorSpace = AVCOL_SPC_BT709
  frame.colorRange = AVCOL_RANGE_MPEG
  const { data, linesize } = frame
  let at = 0
  for (const plane of [0, 1, 2]) {
    const rows = plane === 0 ? height : Math.ceil(height / 2)
    const columns = plane === 0 ? width : Math.ceil(width / 2)
    for (let row = 0; row < rows; row++, at += columns) data?.[plane]?.set(planes.subarray(at, at + columns), row * linesize[plane]!)
  }
  return frame
}

function writePackets(encoder: CodecContext, output: FormatContext, stream: Stream, packet: Packet): void {
  for (;;) {
    const received = encoder.receivePacketSync(packet)
    if (received === AVERROR_EAGAIN || received === AVERROR_EOF) return
    check(received, 'encode a frame')
    packet.streamIndex = stream.index
    if (packet.duration === 0n) packet.duration = 1n
    packet.rescaleTs(encoder.timeBase, stream.timeBase)
    check(output.interleavedWriteFrameSync(packet), 'write a frame')
    packet.unref()
  }
}

function check(status: number, doing: string): void {
  FFmpegError.throwIfError(status, doing)
}
