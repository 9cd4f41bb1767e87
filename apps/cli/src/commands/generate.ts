// `kinora generate`: the options; run.ts does the work.

import type { Command } from 'commander'
import { number, size } from '../arguments.ts'
import type { GenerateFlags } from '../flags.ts'
import { DEFAULT_OUTPUT, UPSCALER } from '../names.ts'
import type { Context } from '../program.ts'
import { machineOptions, modelOptions, outputOptions, samplingOptions, severalOption } from './options.ts'

const AFTER_HELP = `
The form of -o follows from its ending: .mp4 .webm .gif .webp, .safetensors (latents and frames), or a
folder of PNG frames when it ends with /. {n}, {slug} and {seed} in a name are filled in; several
videos without any of them get -NUMBER-SLUG before the ending. Existing files are kept unless --force.

Examples:
  kinora generate "a red circle growing on a black background" -o circle.mp4 -o circle.gif
  kinora generate --batch-file prompts.txt --seed 7 -o "clips/{n}-{slug}.mp4"
  kinora generate "a panda eating bamboo" -m damo-vilab/text-to-video-ms-1.7b --scheduler dpm++2m --steps 25
  kinora generate "a panda eating bamboo" -m damo-vilab/text-to-video-ms-1.7b --fast
  kinora generate "Darth Vader surfing a wave" -m cerspense/zeroscope_v2_576w --upscale -o surfing.mp4
  kinora generate "a watercolour painting" --video holiday.mov --strength 0.7
  kinora generate "a panda eating bamboo" --extend panda.mp4 -o longer.mp4`

export function generateCommand(program: Command, context: Context): void {
  const command = program
    .command('generate')
    .description('generate a video from a prompt, or one for each line of a file')
    .argument('[prompt...]', 'what the video shows, in English, in quotes')
    .option('--batch-file <file>', 'take the prompts from a text file, one a line; # starts a comment')
  modelOptions(command, 'the bundled demo model')
  command
    .option('--fast', 'few steps without guidance, by an adapter that was distilled for ms-1.7b')
    .option('--frames <n>', "number of frames (default: the model's own, or 16)", number)
    .option('--width <px>', "multiple of 8 (default: the model's own)", number)
    .option('--height <px>', "multiple of 8 (default: the model's own)", number)
  samplingOptions(command)
    .option('--latents <file>', 'take the starting noise from the tensor `latents` of a .safetensors file')
    .option('--video <path>', 'start from a video: any video file, a GIF, or a folder of pictures')
    .option('--strength <x>', 'how much to change --video, or how far to leave the end of --extend, 0 to 1 (default: 0.6, 0.9)', number)
    .option('--extend <path>', 'continue a video: its last frames lead into the new ones')
    .option('--overlap <n>', 'frames of --extend that the model sees (default: 4)', number)
    .option('--loop', 'let the last frame lead to the first')
    .option('--upscale', 'enlarge the result with a second model')
    .option('--upscale-model <name>', `that model (default: ${UPSCALER})`)
    .option('--upscale-size <WxH>', "size to enlarge to (default: the second model's own, or twice the first)", size)
    .option('--upscale-strength <x>', 'how much the second model may change, 0 to 1 (default: 0.6)', number)
    .option('--upscale-steps <n>', "denoising steps of the second model (default: the model's own, or 50)", number)
  outputOptions(severalOption(machineOptions(command)), DEFAULT_OUTPUT)
    .addHelpText('after', AFTER_HELP)
    .action(async (words: string[], flags: GenerateFlags) => {
      const { runGenerate } = await import('../run.ts')
      await runGenerate(words, flags, context.signal)
    })
}
