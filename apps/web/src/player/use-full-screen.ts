// Full screen of an element, and of the bare video where a phone can do no other.

import { type RefObject, useEffect, useState } from 'react'

interface PhoneVideo {
  webkitEnterFullscreen?: () => void
}

export interface FullScreen {
  readonly possible: boolean
  readonly on: boolean
  readonly toggle: () => void
}

export function useFullScreen(whole: RefObject<HTMLElement | null>, video: RefObject<HTMLVideoElement | null>): FullScreen {
  const [on, setOn] = useState(false)
  useEffect(() => {
    const state = () => setOn(document.fullscreenElement !== null && document.fullscreenElement === whole.current)
    document.addEventListener('fullscreenchange', state)
    return () => document.removeEventListener('fullscreenchange', state)
  }, [whole])
  return {
    possible: document.fullscreenEnabled || 'webkitEnterFullscreen' in HTMLVideoElement.prototype,
    on,
    toggle() {
      if (on) void document.exitFullscreen()
      // Refused where a frame around the page does not let it.
      else if (document.fullscreenEnabled) whole.current?.requestFullscreen().catch(() => {})
      else (video.current as PhoneVideo | null)?.webkitEnterFullscreen?.()
    },
  }
}
