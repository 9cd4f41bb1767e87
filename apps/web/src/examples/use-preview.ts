// When an example's video plays: while it is pointed at or focused; on a touch screen, where nothing is pointed at, twice when
// it comes into view (four seconds: what moves by itself for longer needs a way to stop it, WCAG 2.2.2). Not at all for who
// asked for less motion.

import { useIntersection, useMediaQuery, useReducedMotion } from '@mantine/hooks'
import { type FocusEvent, type PointerEvent, useEffect, useEffectEvent, useRef } from 'react'

const ROUNDS_IN_VIEW = 2
const NOW = { getInitialValueInEffect: false }

export function usePreview() {
  const video = useRef<HTMLVideoElement>(null)
  const rounds = useRef(0)
  const isStill = useReducedMotion(false, NOW)
  const hovers = useMediaQuery('(hover: hover)', true, NOW)
  const { ref: frame, entry } = useIntersection<HTMLButtonElement>({ threshold: 0.8 })
  const playsBySight = !hovers && entry?.isIntersecting === true

  const play = (times: number) => {
    rounds.current = times
    // Refused, or cut short by a quick stop: the poster stays.
    if (!isStill) video.current?.play().catch(() => {})
  }
  /** Shows the poster again. */
  const stop = () => {
    video.current?.pause()
    video.current?.load()
  }
  const next = () => (rounds.current > 1 ? play(rounds.current - 1) : stop())

  const sighted = useEffectEvent((isInSight: boolean) => (isInSight ? play(ROUNDS_IN_VIEW) : stop()))
  useEffect(() => {
    if (!playsBySight) return undefined
    sighted(true)
    return () => sighted(false)
  }, [playsBySight])

  return {
    frame: {
      ref: frame,
      onPointerEnter: ({ pointerType }: PointerEvent) => pointerType !== 'touch' && play(Number.POSITIVE_INFINITY),
      onPointerLeave: ({ pointerType }: PointerEvent) => pointerType !== 'touch' && stop(),
      onFocus: ({ currentTarget }: FocusEvent) => currentTarget.matches(':focus-visible') && play(Number.POSITIVE_INFINITY),
      onBlur: stop,
    },
    video: { ref: video, onEnded: next },
  }
}
