// What the reading tests look for in a clip: places and moments that are told apart by their colours.
// Encoding is encode.ts's matter.

/** RGB or RGBA bytes of frame `index`, row-major. */
export type Painter = (index: number, width: number, height: number) => Uint8Array

/** Four flat quarters: red, green / blue, white; a grey square in the middle grows lighter with every frame. */
export const quarters: Painter = (index, width, height) => {
  const bytes = new Uint8Array(width * height * 3)
  const level = Math.min(255, 40 + index * 20)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const middle = Math.abs(x - width / 2) < width / 8 && Math.abs(y - height / 2) < height / 8
      const [left, top] = [x < width / 2, y < height / 2]
      const colour = top ? (left ? [200, 30, 30] : [30, 160, 30]) : left ? [30, 30, 200] : [220, 220, 220]
      bytes.set(middle ? [level, level, level] : colour, (y * width + x) * 3)
    }
  }
  return bytes
}
