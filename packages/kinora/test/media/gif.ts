// Writes tiny GIFs byte by byte: frames smaller than the canvas, disposal methods, delays. Pictures
// are stored as codes that never grow the dictionary (a clear code before each pixel), so no encoder
// decides anything. GIF89a, sections 18 to 23 and appendix F.

export interface GifFrame {
  readonly left: number
  readonly width: number
  /** Index into the colours, 3 is transparent; the frame is one row of it. */
  readonly colour: number
  /** Hundredths of a second. */
  readonly delay: number
  /** 1 leave, 2 clear to the background, 3 back to what was before. */
  readonly disposal: 1 | 2 | 3
}

const MIN_CODE_SIZE = 2
const CLEAR = 4
const END = 5

/** A canvas of `width` x 1 pixels with four colours, RGB each. */
export function makeGif(width: number, colours: readonly (readonly number[])[], frames: readonly GifFrame[]): Uint8Array {
  const header = [...text('GIF89a'), width, 0, 1, 0, 0x81, 0, 0, ...colours.flat()]
  const loop = [0x21, 0xff, 11, ...text('NETSCAPE2.0'), 3, 1, 0, 0, 0]
  return Uint8Array.from([...header, ...loop, ...frames.flatMap(encodeFrame), 0x3b])
}

function encodeFrame({ left, width, colour, delay, disposal }: GifFrame): number[] {
  // Colour 3 is the transparent one: without any, some readers clear to the background colour.
  const control = [0x21, 0xf9, 4, (disposal << 2) | 1, delay & 255, delay >> 8, 3, 0]
  const codes = [...Array.from({ length: width }, () => [CLEAR, colour]).flat(), END]
  const data = packBits(codes, MIN_CODE_SIZE + 1)
  return [...control, 0x2c, left, 0, 0, 0, width, 0, 1, 0, 0, MIN_CODE_SIZE, data.length, ...data, 0]
}

function packBits(codes: readonly number[], size: number): number[] {
  const bytes: number[] = []
  for (const [index, code] of codes.entries()) {
    for (let bit = 0; bit < size; bit++) {
      const at = index * size + bit
      bytes[at >> 3] = (bytes[at >> 3] ?? 0) | (((code >> bit) & 1) << (at & 7))
    }
  }
  return bytes
}

function text(ascii: string): number[] {
  return Array.from(ascii, (character) => character.charCodeAt(0))
}
