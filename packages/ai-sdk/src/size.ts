// The size that a ratio of sides comes to: about as many pixels as the model's own size, both sides multiples of what the
// model takes.

import { InvalidArgumentError } from '@ai-sdk/provider'

export interface Size {
  readonly width: number
  readonly height: number
}

/** `exact`: whether the sides have this very ratio. Throws InvalidArgumentError for what is no ratio. */
export function sizeOfRatio(ratio: string, own: Size, multiple: number): Size & { readonly exact: boolean } {
  const [, across = 0, down = 0] = (/^(\d+\.?\d*):(\d+\.?\d*)$/.exec(ratio) ?? []).map(Number)
  const wanted = across / down
  if (!(wanted > 0 && Number.isFinite(wanted)))
    throw new InvalidArgumentError({ argument: 'aspectRatio', message: `aspectRatio is ${ratio}; it must be WIDTH:HEIGHT, such as 16:9` })
  const area = own.width * own.height
  const whole = (side: number) => Math.max(1, Math.round(side / multiple)) * multiple
  const size = { width: whole(Math.sqrt(area * wanted)), height: whole(Math.sqrt(area / wanted)) }
  return { ...size, exact: size.width * down === size.height * across }
}

/** WIDTHxHEIGHT. Throws InvalidArgumentError for anything else. */
export function parseResolution(resolution: string): Size {
  const [, width, height] = /^(\d{1,5})x(\d{1,5})$/.exec(resolution) ?? []
  if (width === undefined || height === undefined)
    throw new InvalidArgumentError({
      argument: 'resolution',
      message: `resolution is ${resolution}; it must be WIDTHxHEIGHT, such as 256x256`,
    })
  return { width: Number(width), height: Number(height) }
}
