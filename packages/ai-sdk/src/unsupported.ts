// Warnings for options of the AI SDK that this family has nothing for, or that another option stands before. The same for a
// service and for the own process.

import type { Experimental_VideoModelV4CallOptions, SharedV4Warning } from '@ai-sdk/provider'
import type { KinoraVideoModelOptions } from './options.ts'

type Options = Pick<Experimental_VideoModelV4CallOptions, 'generateAudio' | 'resolution' | 'aspectRatio' | 'duration'>

export function ignoredOptions(options: Options, { numFrames }: KinoraVideoModelOptions): SharedV4Warning[] {
  const { generateAudio, resolution, aspectRatio, duration } = options
  const warnings: SharedV4Warning[] = []
  if (generateAudio) warnings.push({ type: 'unsupported', feature: 'generateAudio', details: 'the videos are silent' })
  if (resolution !== undefined && aspectRatio !== undefined && aspectRatio !== 'adaptive')
    warnings.push({ type: 'unsupported', feature: 'aspectRatio', details: `the resolution ${resolution} stands before it` })
  if (duration !== undefined && numFrames !== undefined)
    warnings.push({ type: 'unsupported', feature: 'duration', details: `${numFrames} frames of providerOptions.kinora stand before it` })
  return warnings
}

/** Where the frames do not last exactly as long as asked; `asked` is undefined where nobody did. */
export function durationWarnings(asked: number | undefined, frames: number, fps: number): SharedV4Warning[] {
  const seconds = Number((frames / fps).toFixed(3))
  if (asked === undefined || Math.abs(asked - seconds) < 0.001) return []
  const details = `${asked} s become ${seconds} s: ${frames} frames at ${fps} frames a second`
  return [{ type: 'compatibility', feature: 'duration', details }]
}
