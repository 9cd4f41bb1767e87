// Plays two video elements in step, by a clock of their own: neither leads, so that one that is shorter, slower or late does not
// hold up the other. What the player's controls need, for both.

import { type RefObject, useEffect, useRef, useState } from 'react'
import { frameAt, stepped, timeOfFrame } from '../player/frames.ts'
import type { Playback } from '../player/use-playback.ts'
import { correctionOf, type Reel, restingTime, secondsOf, sharedReel } from './in-step.ts'

export interface Follower {
  readonly element: RefObject<HTMLVideoElement | null>
  readonly reel: Reel
}

/** After the page lay hidden, the clock goes on where it was. */
const MOST_LEAP_SECONDS = 0.1

export function useInStep(a: Follower, b: Follower, startsAtOnce: boolean): Playback & { readonly count: number } {
  const { fps, count } = sharedReel(a.reel, b.reel)
  const [playing, setPlaying] = useState(startsAtOnce)
  const [speed, setSpeed] = useState(1)
  const [frame, setFrame] = useState(0)
  const time = useRef(0)

  // Effects see the newest of these without beginning anew.
  const followers = useRef([a, b])
  useEffect(() => {
    followers.current = [a, b]
  })

  useEffect(() => {
    if (!playing) {
      for (const follower of followers.current) rest(follower, time.current)
      return
    }
    let before = performance.now()
    let request = 0
    const tick = (now: number) => {
      const isReady = followers.current.every(({ element }) => (element.current?.readyState ?? 0) >= HTMLMediaElement.HAVE_CURRENT_DATA)
      if (isReady) time.current = (time.current + Math.min((now - before) / 1000, MOST_LEAP_SECONDS) * speed) % (count / fps)
      before = now
      for (const follower of followers.current) follow(follower, time.current, speed)
      setFrame(frameAt(time.current, fps, count))
      request = requestAnimationFrame(tick)
    }
    request = requestAnimationFrame(tick)
    return () => cancelAnimationFrame(request)
  }, [playing, speed, fps, count])

  const show = (next: number) => {
    time.current = timeOfFrame(next, fps)
    setPlaying(false)
    setFrame(next)
    for (const follower of followers.current) rest(follower, time.current)
  }
  return {
    count,
    playing,
    frame,
    speed,
    toggle: () => setPlaying(!playing),
    show,
    step: (steps) => show(stepped(frame, steps, count)),
    setSpeed,
  }
}

function rest({ element: { current: video }, reel }: Follower, time: number): void {
  if (!video) return
  video.pause()
  video.currentTime = restingTime(reel, time)
}

function follow({ element: { current: video }, reel }: Follower, time: number, speed: number): void {
  if (!video || video.seeking) return
  const { isOver, seek, rate } = correctionOf(reel, Math.min(video.currentTime, secondsOf(reel)), time, speed)
  if (video.playbackRate !== rate) video.playbackRate = rate
  if (seek !== undefined) video.currentTime = seek
  if (isOver) video.pause()
  // A browser that does not let it play leaves it as it is.
  else if (video.paused) video.play().catch(() => {})
}
