// Watches one video until it has ended: a stream of events, and asking where the stream is silent, breaks or cannot be had.
// A browser gives a stream up for good after any other answer than 200, hears nothing of a connection that died while the
// machine slept, and allows six connections to a host: so it is opened anew with growing pauses, doubted when it is silent,
// and closed while nobody looks. Timers and promises only; stream and requests are the caller's.

import { ApiError } from '../api/client.ts'
import type { VideoObject } from '../api/types.ts'
import { hasEnded, isSameProgress, progressOf, type VideoProgress } from './watched.ts'
import type { WatcherParts } from './watcher-parts.ts'

/** The first pause; each further one is twice as long. */
const FIRST_MS = 1000
/** Longest pause while the service does not answer, and while only its streams do not come. */
const MOST_AWAY_MS = 15_000
const MOST_ASKING_MS = 3000
/** A stream that says nothing for so long is asked after. */
const SILENT_MS = 10_000
/** Between questions while nobody looks. */
const RESTING_MS = 10_000
/** A stream that spoke so lately needs no check when the page is looked at again. */
const FRESH_MS = 3000

/** Of one video. `start` or `rest` begins, `stop` ends. */
export class Watcher {
  readonly #parts: WatcherParts
  #closeStream: (() => void) | undefined
  #timer: ReturnType<typeof setTimeout> | undefined
  #last: VideoProgress | undefined
  #heardAt = Number.NEGATIVE_INFINITY
  #failures = 0
  #isResting = false
  #isStopped = false
  /** Answers to earlier questions count for nothing. */
  #question = 0

  constructor(parts: WatcherParts) {
    this.#parts = parts
  }

  /** What the stream says is enough for now: its first event is the state. */
  start(): void {
    this.#open()
  }

  /** Looks at once: the page is seen again, or the network is back. */
  wake(): void {
    if (this.#isStopped) return
    this.#isResting = false
    if (this.#closeStream && Date.now() - this.#heardAt < FRESH_MS) return
    this.#failures = 0
    this.#close()
    clearTimeout(this.#timer)
    void this.#check()
  }

  /** Nobody looks: no stream, and now and then a question. */
  rest(): void {
    if (this.#isStopped || this.#isResting) return
    this.#isResting = true
    this.#close()
    this.#checkIn(RESTING_MS)
  }

  stop(): void {
    this.#isStopped = true
    this.#question++
    clearTimeout(this.#timer)
    this.#close()
  }

  #end(video: VideoObject | undefined): void {
    this.stop()
    this.#parts.onVideo(video)
  }

  #close(): void {
    this.#closeStream?.()
    this.#closeStream = undefined
  }

  #checkIn(milliseconds: number): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.#check(), milliseconds)
  }

  #retry(most: number): void {
    this.#failures++
    this.#checkIn(Math.min(most, FIRST_MS * 2 ** (this.#failures - 1)))
  }

  #open(): void {
    this.#close()
    this.#checkIn(SILENT_MS)
    let isOpen = true
    const heard = (act: () => void): void => {
      if (!isOpen) return
      this.#failures = 0
      this.#heardAt = Date.now()
      this.#parts.onConnected(true)
      this.#checkIn(SILENT_MS)
      act()
    }
    const close = this.#parts.open({
      progress: (progress) =>
        heard(() => {
          this.#last = progress
          this.#parts.onProgress(progress)
        }),
      preview: (address) => heard(() => this.#parts.onPreview(address)),
      ended: (video) => heard(() => this.#end(video)),
      broken: () => {
        if (!isOpen) return
        this.#close()
        this.#retry(MOST_ASKING_MS)
      },
    })
    this.#closeStream = () => {
      isOpen = false
      close()
    }
  }

  /** Asks for the video, and opens a stream where there is none or it missed what the answer says. */
  async #check(): Promise<void> {
    const mine = ++this.#question
    try {
      const video = await this.#parts.ask()
      if (mine !== this.#question) return
      if (hasEnded(video)) return this.#end(video)
      const progress = progressOf(video)
      const missed = !isSameProgress(this.#last, progress)
      this.#last = progress
      this.#parts.onConnected(true)
      this.#parts.onVideo(video)
      if (this.#isResting) this.#checkIn(RESTING_MS)
      else if (!this.#closeStream || missed) this.#open()
      else this.#checkIn(SILENT_MS)
    } catch (error) {
      if (mine !== this.#question) return
      if (error instanceof ApiError && error.status === 404) return this.#end(undefined)
      this.#close()
      this.#parts.onConnected(false)
      this.#retry(MOST_AWAY_MS)
    }
  }
}
