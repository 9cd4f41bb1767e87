// What a video element really shows: its decoded picture, read through a canvas.

import type { Locator } from 'playwright-core'

export type Rgb = readonly [number, number, number]

/** Colours in 0..255 at fractions of width and height of the frame that is shown; waits until one is decoded. */
export async function pixelsOf(video: Locator, places: readonly (readonly [number, number])[]): Promise<Rgb[]> {
  await video.waitFor()
  return video.evaluate(async (element, at) => {
    if (!(element instanceof HTMLVideoElement)) throw new Error('no video element')
    if (element.readyState < 2)
      await new Promise<void>((resolve, reject) => {
        element.addEventListener('loadeddata', () => resolve(), { once: true })
        element.addEventListener('error', () => reject(new Error(element.error?.message ?? 'it does not load')), { once: true })
        if (element.preload === 'none') element.load()
      })
    const { videoWidth: width, videoHeight: height } = element
    const canvas = new OffscreenCanvas(width, height)
    const context = canvas.getContext('2d')
    if (!context) throw new Error('no canvas')
    context.drawImage(element, 0, 0)
    return at.map(([x, y]) => {
      const [r = 0, g = 0, b = 0] = context.getImageData(Math.floor(x * width), Math.floor(y * height), 1, 1).data
      return [r, g, b] as const
    })
  }, places)
}
