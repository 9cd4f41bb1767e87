// `kinora upscale`: video to video with a model that was trained to enlarge, at its own size.

import type { Command } from 'commander'
import { number } from '../arguments.ts'
import type { GenerateFlags } from '../flags.ts'
import { UPSCALER, upscaledName } from '../names.ts'
import type { Context } from '../program.ts'
import { machineOptions, modelOptions, outputOptions, samplingOptions } from './options.ts'

const AFTER_HELP = `
The prompt is the one that the video was made with; give another with --prompt.

Example:
  kinora upscale surfing.mp4 -o large.mp4 --strength 0.6`

export function upscaleCommand(program: Command, context: Context): void {
  const command = program
    .command('upscale')
    .description('enlarge a video with a second model, redrawing its details')
    .argument('<video>', 'any video file, a GIF, or a folder of pictures')
    .option('--prompt <text>', 'what the video shows (default: the prompt stored in the file)')
  modelOptions(command, UPSCALER)
  samplingOptions(command)
    .option('--width <px>', "multiple of 8 (default: the model's own, or twice the video's)", number)
    .option('--height <px>', "multiple of 8 (default: the model's own, or twice the video's)", number)
    .option('--strength <x>', 'how much to change, 0 to 1 (default: 0.6)', number)
  outputOptions(machineOptions(command), upscaledName('VIDEO.mp4'))
    .addHelpText('after', AFTER_HELP)
    .action(async (video: string, { prompt, ...flags }: GenerateFlags & { prompt?: string }) => {
      const [{ runGenerate }, { upscaleFlags }] = await Promise.all([import('../run.ts'), import('../upscale.ts')])
      const { words, ...rest } = await upscaleFlags(video, prompt, flags)
      await runGenerate(words, rest.flags, context.signal)
    })
}
