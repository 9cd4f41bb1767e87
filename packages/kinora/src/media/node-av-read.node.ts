// Decoding mp4 and webm through node-av: counts frames, or converts each to RGB by the file's own
// colour tags (swscale reads them from the frame). Rotation side data is not applied. Bounds hold
// before memory is taken.

import { AV_PIX_FMT_RGB24, AVCOL_RANGE_JPEG, AVCOL_SPC_RGB, AVERROR_EAGAIN, AVERROR_EOF, AVMEDIA_TYPE_VIDEO } from 'node-av/constants'
import { Codec, CodecContext, FFmpegError, FormatContext, Frame, Packet, SoftwareScaleContext, type Stream } from 'node-av/lib'
import { checkLimits, type DecodeJob, type VideoInfo } from './job.ts'

/** Decodes the whole video, as a player would, and says what is in it. */
export function probe(path: string): Promise<VideoInfo> {
  return readVideo(path, async () => {})
}

/** Hands out every frame as RGB bytes [height, width, 3] of the first frame's size. */
export async function decode({ path, limits }: DecodeJob, emit: (rgb: Uint8Array) => Promise<void>): Promise<VideoInfo> {
  const scaler = new SoftwareScaleContext()
  scaler.allocContext()
  scaler.setOption('sws_flags', 'bicubic+accurate_rnd+full_chroma_int')
  let count = 0
  return readVideo(path, async (frame, width, height) => {
    checkLimits({ width, height, frames: ++count }, limits)
    await emit(toRgb(scaler, frame, width, height))
  })
}

async function readVideo(path: string, use: (frame: Frame, width: number, height: number) => Promise<void>): Promise<VideoInfo> {
  const input = new FormatContext()
  check(input.openInputSync(path), 'open the file')
  check(input.findStreamInfoSync(), 'read the file')
  const stream = input.streams[input.findBestStream(AVMEDIA_TYPE_VIDEO)]
  if (!stream) throw new Error('the file has no video')
  const decoder = openDecoder(stream)
  const { width, height } = stream.codecpar
  const packet = new Packet()
  packet.alloc()
  const frame = new Frame()
  frame.alloc()
  let frames = 0
  for (let open = true; open; ) {
    const status = input.readFrameSync(packet)
    open = status !== AVERROR_EOF
    if (open) check(status, 'read a frame')
    if (open && packet.streamIndex !== stream.index) continue
    check(decoder.sendPacketSync(open ? packet : null), 'decode a frame')
    packet.unref()
    while (receive(decoder, frame)) {
      frames++
      await use(frame, width, height)
      frame.unref()
    }
  }
  return { width, height, frames, fps: streamRate(stream) }
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

function receive(decoder: CodecContext, frame: Frame): boolean {
  const status = decoder.receiveFrameSync(frame)
  if (status === AVERROR_EAGAIN || status === AVERROR_EOF) return false
  check(status, 'decode a frame')
  return true
}

function toRgb(scaler: SoftwareScaleContext, frame: Frame, width: number, height: number): Uint8Array {
  const target = new Frame()
  target.alloc()
  target.width = width
  target.height = height
  target.format = AV_PIX_FMT_RGB24
  target.colorSpace = AVCOL_SPC_RGB
  target.colorRange = AVCOL_RANGE_JPEG
  check(target.getBuffer(), 'allocate a frame')
  check(scaler.scaleFrameSync(target, frame), 'convert a frame to RGB')
  const pixels = target.data?.[0]
  const stride = target.linesize[0]
  if (!pixels || !stride) throw new Error('a converted frame holds no pixels')
  const rgb = new Uint8Array(width * height * 3)
  for (let row = 0; row < height; row++) rgb.set(pixels.subarray(row * stride, row * stride + width * 3), row * width * 3)
  target.free()
  return rgb
}

function streamRate(stream: Stream): number {
  const { num, den } = stream.avgFrameRate.num > 0 ? stream.avgFrameRate : stream.rFrameRate
  return den > 0 ? num / den : 0
}

function check(status: number, doing: string): void {
  FFmpegError.throwIfError(status, doing)
}
