// The frames of an opened video one after the other, with the times at which they are shown. What is
// damaged is left out, as players do.

import { AV_NOPTS_VALUE, AVERROR_EAGAIN, AVERROR_EOF } from 'node-av/constants'
import { Frame, Packet } from 'node-av/lib'
import { ticksOf } from './clock.ts'
import { check, type OpenVideo } from './node-av-input.node.ts'

export interface TimedFrame {
  /** The same object each time: clone it to keep it. */
  readonly frame: Frame
  /** In the stream's time base, from the beginning of the file. */
  readonly stamp: bigint | undefined
}

/**
 * Every frame in the order of showing. Damaged packets are left out, as players do, and a file that cannot be read
 * further ends there; only one without any frame is an error.
 */
export function* decodedFrames(video: OpenVideo): Generator<TimedFrame> {
  const { input, decoder, timeBase } = video
  const frame = new Frame()
  frame.alloc()
  const origin = input.startTime === AV_NOPTS_VALUE ? 0n : ticksOf(Number(input.startTime), timeBase)
  let frames = 0
  const trouble = { status: 0 }
  for (const packet of packets(video, trouble)) {
    noteTrouble(trouble, decoder.sendPacketSync(packet))
    while (noteTrouble(trouble, decoder.receiveFrameSync(frame))) {
      const time = frame.bestEffortTimestamp
      frames++
      yield { frame, stamp: time === AV_NOPTS_VALUE ? undefined : time - origin }
      frame.unref()
    }
  }
  if (frames === 0) check(trouble.status, 'decode a frame')
}

/** What last went wrong, 0 for nothing. */
interface Trouble {
  status: number
}

/** The stream's packets, then null: the decoder's sign to hand out what it has kept. */
function* packets({ input, stream }: OpenVideo, trouble: Trouble): Generator<Packet | null> {
  const packet = new Packet()
  packet.alloc()
  for (;;) {
    const status = input.readFrameSync(packet)
    if (!noteTrouble(trouble, status)) break
    if (packet.streamIndex === stream.index) yield packet
    packet.unref()
  }
  packet.free()
  yield null
}

/** True for a success. Needing more input and the end are neither that nor trouble. */
function noteTrouble(trouble: Trouble, status: number): boolean {
  if (status < 0 && status !== AVERROR_EAGAIN && status !== AVERROR_EOF) trouble.status = status
  return status >= 0
}
