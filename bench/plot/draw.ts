// Draws a plot with the image library that Kinora brings, so that tests see what a reader sees.

import { createRequire } from 'node:module'

interface Drawn {
  data: Uint8Array
  info: { width: number; height: number }
}

/** As much of sharp as is used here. */
type Sharp = (svg: Uint8Array) => { greyscale(): { raw(): { toBuffer(options: { resolveWithObject: true }): Promise<Drawn> } } }

/** Grey values row by row, 0 black to 255 white, in light colours. Rejects when the SVG is broken. */
export async function draw(svg: string): Promise<Drawn> {
  const sharp = createRequire(new URL('../../packages/kinora/package.json', import.meta.url))('sharp') as Sharp
  return await sharp(Buffer.from(svg)).greyscale().raw().toBuffer({ resolveWithObject: true })
}
