// How a video is watched when streams break, are refused, fall silent, or nobody looks. Time is the test's own.

import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { ApiError } from '../api/client.ts'
import type { VideoObject } from '../api/types.ts'
import type { VideoProgress } from './watched.ts'
import { Watcher } from './watcher.ts'
import type { StreamListener, WatcherParts } from './watcher-parts.ts'

const RUNNING = { status: 'in_progress', phase: 'denoising', step: 1, total: 4, percent: 20, eta: 3, queue_position: null } as const
const away = () => Promise.reject(new ApiError('away', { status: 0, code: 'unreachable' }))

function videoOf(changes: Partial<VideoObject> = {}): VideoObject {
  const { step, total: total_steps, percent: progress } = RUNNING
  return {
    id: 'video_1',
    status: 'in_progress',
    phase: 'denoising',
    step,
    total_steps,
    progress,
    queue_position: null,
    ...changes,
  } as VideoObject
}

function startWatching(parts: WatcherParts): Watcher {
  const watcher = new Watcher(parts)
  watcher.start()
  return watcher
}

/** A service whose streams the test holds in its hands. */
function service() {
  const streams: (StreamListener & { isOpen: boolean })[] = []
  const seen: (VideoProgress | VideoObject | undefined)[] = []
  const connected: boolean[] = []
  const ask = vi.fn(() => Promise.resolve(videoOf()))
  const parts = {
    open(listener: StreamListener) {
      const stream = { ...listener, isOpen: true }
      streams.push(stream)
      return () => {
        stream.isOpen = false
      }
    },
    ask,
    onVideo: (video: VideoObject | undefined) => void seen.push(video),
    onProgress: (progress: VideoProgress) => void seen.push(progress),
    onPreview: () => {},
    onConnected: (is: boolean) => void connected.push(is),
  }
  return { parts, streams, seen, ask, connected, open: () => streams.filter(({ isOpen }) => isOpen).length }
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('what the stream says is passed on; its last event closes it, and nothing is asked', async () => {
  const { parts, streams, seen, ask, open } = service()
  startWatching(parts)
  streams[0]!.progress(RUNNING)
  streams[0]!.ended(videoOf({ status: 'completed' }))
  await vi.advanceTimersByTimeAsync(60_000)
  expect(seen).toMatchObject([RUNNING, { status: 'completed' }])
  expect(open()).toBe(0)
  expect(ask).not.toHaveBeenCalled()
})

test('a stream that breaks is opened again after a second, with what was missed asked for', async () => {
  const { parts, streams, seen, open } = service()
  startWatching(parts)
  streams[0]!.broken()
  expect(open()).toBe(0)
  await vi.advanceTimersByTimeAsync(1000)
  expect(seen).toMatchObject([{ id: 'video_1' }])
  expect(open()).toBe(1)
})

test('while the service is away the pauses grow to 15 s; a wake ends the wait', async () => {
  const { parts, streams, ask, connected } = service()
  ask.mockImplementation(away)
  const watcher = startWatching(parts)
  streams[0]!.broken()
  await vi.advanceTimersByTimeAsync(1000)
  expect(connected).toEqual([false])
  await vi.advanceTimersByTimeAsync(120_000)
  const asked = ask.mock.calls.length
  expect(asked).toBeGreaterThan(8)
  expect(asked).toBeLessThan(15)
  ask.mockImplementation(() => Promise.resolve(videoOf()))
  watcher.wake()
  await vi.advanceTimersByTimeAsync(0)
  expect(connected.at(-1)).toBe(true)
  expect(streams).toHaveLength(2)
})

test('where streams are refused but questions answered, it is asked every three seconds', async () => {
  const { parts, ask } = service()
  const open = vi.fn((listener: StreamListener) => {
    setTimeout(() => listener.broken(), 10)
    return () => {}
  })
  const watcher = startWatching({ ...parts, open })
  await vi.advanceTimersByTimeAsync(60_000)
  expect(ask.mock.calls.length).toBeGreaterThan(17)
  expect(ask.mock.calls.length).toBeLessThan(23)
  watcher.stop()
})

test('a silent stream is doubted: kept when nothing happened, opened anew when it missed something', async () => {
  const { parts, streams, ask } = service()
  startWatching(parts)
  streams[0]!.progress(RUNNING)
  await vi.advanceTimersByTimeAsync(10_000)
  expect(ask).toHaveBeenCalledTimes(1)
  expect(streams).toHaveLength(1)
  ask.mockResolvedValueOnce(videoOf({ step: 3 }))
  await vi.advanceTimersByTimeAsync(10_000)
  expect(streams.map(({ isOpen }) => isOpen)).toEqual([false, true])
})

test('at rest there is no stream, and the end is heard of all the same', async () => {
  const { parts, seen, ask, open } = service()
  const watcher = startWatching(parts)
  watcher.rest()
  expect(open()).toBe(0)
  await vi.advanceTimersByTimeAsync(10_000)
  expect(ask).toHaveBeenCalledTimes(1)
  ask.mockResolvedValueOnce(videoOf({ status: 'completed' }))
  await vi.advanceTimersByTimeAsync(10_000)
  expect(seen.at(-1)).toMatchObject({ status: 'completed' })
})

test('a wake after a sleep replaces the stream, but not one that spoke just now', async () => {
  const { parts, streams, ask } = service()
  const watcher = startWatching(parts)
  streams[0]!.progress(RUNNING)
  watcher.wake()
  expect(ask).not.toHaveBeenCalled()
  vi.setSystemTime(Date.now() + 3_600_000)
  watcher.wake()
  await vi.advanceTimersByTimeAsync(0)
  expect(streams.map(({ isOpen }) => isOpen)).toEqual([false, true])
})

test('a video that is not there any more ends it', async () => {
  const { parts, streams, seen, ask } = service()
  ask.mockRejectedValue(new ApiError('gone', { status: 404, code: 'video_not_found' }))
  startWatching(parts)
  streams[0]!.broken()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(seen).toEqual([undefined])
  expect(ask).toHaveBeenCalledTimes(1)
})

test('a stopped one is deaf: to its stream, and to an answer that was on its way', async () => {
  const { parts, streams, seen, open } = service()
  const watcher = startWatching(parts)
  streams[0]!.broken()
  vi.advanceTimersByTime(1000)
  watcher.stop()
  await vi.advanceTimersByTimeAsync(60_000)
  streams[0]!.progress(RUNNING)
  expect(seen).toEqual([])
  expect(open()).toBe(0)
})
