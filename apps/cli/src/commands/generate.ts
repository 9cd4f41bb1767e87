// `kinora generate`: the options; run.ts does the work. Option names are the reference's, shortened.

import type { Command } from 'commander'
import { Option } from 'commander'
import { append, count, jsonObject, number, seed } from '../arguments.ts'
import type { GenerateFlags } from '../flags.ts'
import type { Context } from '../program.ts'

const EXAMPLES = `
The form of -o follows from its ending: .mp4 .webm .gif .webp, .safetensors (latents and frames), or a
folder of PNG frames when it ends with /. {n}, {slug} and {seed} in a name are filled in; several
videos without any of them get -NUMBER-SLUG before the ending. Existing files are kept unless --force.

Examples:
  kinora generate "a red circle growing on a black background" -o circle.mp4 -o circle.gif
  kinora generate --batch-file prompts.txt --seed 7 -o "clips/{n}-{slug}.mp4"
  kinora generate "a panda eating bamboo" -m ~/models/text-to-video-ms-1.7b --variant fp16 \\
    --scheduler DPMSolverMultistepScheduler --steps 25`

export function generateCommand(program: Command, context: Context): void {
  const command = program
    .command('generate')
    .description('generate a video from a prompt, or one for each line of a file')
    .argument('[prompt...]', 'what the video shows, in English, in quotes')
  command
    .option('--batch-file <file>', 'take the prompts from a text file, one a line; # starts a comment')
    .option('-m, --model <folder>', 'checkpoint folder with model_index.json (default: the bundled demo model)')
    .option('--variant <name>', 'weight files to take, for example fp16')
    .option('-n, --negative <text>', 'what to steer away from')
    .option('--frames <n>', 'number of frames (default: 16)', number)
    .option('--steps <n>', "denoising steps (default: 50, or the demo model's own)", number)
    .option('--seed <n>', 'start of the random numbers, -1 for a random one; video i takes seed + i (default: -1)', seed)
    .option('--guidance <x>', "how closely to follow the prompt; 1 turns guidance off (default: 9, or the demo model's own)", number)
    .option('--width <px>', "multiple of 8 (default: the model's own)", number)
    .option('--height <px>', "multiple of 8 (default: the model's own)", number)
    .option('--scheduler <class>', "sampler, by diffusers' class name (default: the checkpoint's)")
    .option('--scheduler-config <json>', "changes to the checkpoint's scheduler config", jsonObject)
    .option('--eta <x>', 'noise added back at each DDIM step, 0 to 1 (default: 0)', number)
    .option('--clip-skip <n>', 'layers of the text encoder to leave out at the end (default: 0)', number)
    .option('--count <n>', 'videos of each prompt, each with a seed of its own (default: 1)', count)
    .option('--fps <x>', 'frames per second of the file, 1 to 60 (default: 8)', number)
    .option('-o, --out <path>', 'file or folder/ to write; may be given several times (default: {slug}-{seed}.mp4)', append)
    .addOption(new Option('--backend <name>', 'program that writes mp4 and webm').choices(['auto', 'node-av', 'ffmpeg']).default('auto'))
    .option('--no-metadata', 'do not store the settings in the file')
    .option('--device <name>', 'auto, cpu, webgpu, cuda, coreml or dml; see kinora doctor (default: auto)')
    .addOption(new Option('--precision <name>', 'arithmetic of the models').choices(['auto', 'float32']).default('auto'))
    .option('--threads <n>', 'threads of one operator (default: the physical cores)', number)
    .option('--force', 'replace files that exist')
    .option('--json', 'print one JSON object a line: progress, warning, saved, done, error')
    .option('--dry-run', 'show settings, memory and files; generate nothing')
    .addHelpText('after', EXAMPLES)
    .action(async (words: string[], flags: GenerateFlags) => {
      const { runGenerate } = await import('../run.ts')
      await runGenerate(words, flags, context.signal)
    })
}
