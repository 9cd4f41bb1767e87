// A video element's playing as state: whether it plays, which frame is shown, how fast, and what changes these.

import { type RefObject, useCallback, useEffect, useState } from 'react'
import { frameAt, frameStartingAt, stepped, timeOfFrame } from './frames.ts'

export interface Playback {
  readonly playing: boolean
  /** From 0. */
  readonly frame: number
  readonly speed: number
  readonly toggle: () => void
  /** Stops at a frame. */
  readonly show: (frame: number) => void
  readonly step: (steps: number) => void
  readonly setSpeed: (speed: number) => void
}

export function usePlayback(element: RefObject<HTMLVideoElement | null>, fps: number, count: number): Playback {
  const [playing, setPlaying] = useState(false)
  const [speed, setSpeed] = useState(1)
  const [frame, setFrame] = useState(0)

  useEffect(() => {
    const video = element.current
    if (!video) return undefined
    const state = () => setPlaying(!video.paused)
    video.addEventListener('play', state)
    video.addEventListener('pause', state)
    state()
    const stop = followFrames(video, fps, count, setFrame)
    return () => {
      video.removeEventListener('play', state)
      video.removeEventListener('pause', state)
      stop()
    }
  }, [element, fps, count])

  const show = useCallback(
    (next: number) => {
      const video = element.current
      if (!video) return
      video.pause()
      video.currentTime = timeOfFrame(next, fps)
      setFrame(next)
    },
    [element, fps],
  )

  return {
    playing,
    frame,
    speed,
    show,
    step: (steps) => show(stepped(frame, steps, count)),
    toggle: () => {
      const video = element.current
      if (!video?.paused) video?.pause()
      // A browser that does not let it play leaves it as it is.
      else video.play().catch(() => {})
    },
    setSpeed: (next) => {
      if (element.current) element.current.playbackRate = next
      setSpeed(next)
    },
  }
}

/** Tells each frame that is shown; gives back what ends that. */
function followFrames(video: HTMLVideoElement, fps: number, count: number, tell: (frame: number) => void): () => void {
  if (!('requestVideoFrameCallback' in video)) {
    const element: HTMLVideoElement = video
    const told = () => tell(frameAt(element.currentTime, fps, count))
    element.addEventListener('timeupdate', told)
    return () => element.removeEventListener('timeupdate', told)
  }
  let handle = 0
  const follow = () => {
    handle = video.requestVideoFrameCallback((_now, { mediaTime }) => {
      // While it seeks, the picture is still an earlier one.
      if (!video.seeking) tell(frameStartingAt(mediaTime, fps, count))
      follow()
    })
  }
  follow()
  return () => video.cancelVideoFrameCallback(handle)
}
