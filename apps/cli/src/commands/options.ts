// The groups of options that `generate` and `upscale` share. Names are the reference's, shortened.

import type { Command } from 'commander'
import { Option } from 'commander'
import { append, count, interval, jsonObject, number, seed } from '../arguments.ts'

export function modelOptions(command: Command, usual: string): Command {
  return command
    .option('-m, --model <name>', `checkpoint folder, or a model of the hub such as cerspense/zeroscope_v2_576w (default: ${usual})`)
    .option('--variant <name>', 'weight files to take, for example fp16')
    .option('--lora <path[@scale]>', 'adapter to add: a file, a folder or a name of the hub; may be given several times', append)
    .option('--embedding <path>', 'textual inversion to add: a file whose name, or own token, the prompt may use; may be repeated', append)
}

export function samplingOptions(command: Command): Command {
  return command
    .option('-n, --negative <text>', 'what to steer away from')
    .option('--prompt-weights', 'read (word:1.3) and [word] in prompts as weights')
    .option('--steps <n>', "denoising steps (default: the model's own, or 50)", number)
    .option('--seed <n>', 'start of the random numbers, -1 for a random one; video i takes seed + i (default: -1)', seed)
    .option('--guidance <x>', "how closely to follow the prompt; 1 turns guidance off (default: the model's own, or 9)", number)
    .option('--guidance-rescale <x>', 'take back the contrast that guidance adds, 0 to 1 (default: 0)', number)
    .option('--guidance-interval <a,b>', 'guide only this part of the schedule, such as 0.2,0.8: less work, another result', interval)
    .option('--cache-interval <n>', 'run the whole UNet every n-th step only: less work, another result (default: 1)', number)
    .option('--cache-depth <n>', 'with --cache-interval: layers that every step computes (default: 1)', number)
    .option('--scheduler <name>', "sampler: dpm++2m, euler_a, unipc, ... or diffusers' class name (default: the checkpoint's)")
    .option('--scheduler-config <json>', "changes to the checkpoint's scheduler config", jsonObject)
    .option('--eta <x>', 'noise added back at each DDIM step, 0 to 1 (default: 0)', number)
    .option('--clip-skip <n>', 'layers of the text encoder to leave out at the end (default: 0)', number)
    .option('--prompt-embeds <file>', 'take prompt_embeds (and negative_prompt_embeds) from a .safetensors file instead of a prompt')
}

export function outputOptions(command: Command, name: string): Command {
  return command
    .option('--fps <x>', "frames per second of the file, 1 to 60 (default: the model's or the video's own, or 8)", number)
    .option('-o, --out <path>', `file or folder/ to write; may be given several times (default: ${name})`, append)
    .addOption(new Option('--backend <name>', 'program that writes mp4 and webm').choices(['auto', 'node-av', 'ffmpeg']).default('auto'))
    .option('--no-metadata', 'do not store the settings in the file')
    .option('--force', 'replace files that exist')
    .option('--json', 'print one JSON object a line: progress, warning, saved, done, error')
    .option('--dry-run', 'show settings, memory and files; generate nothing')
}

export function machineOptions(command: Command): Command {
  return command
    .option('--device <name>', 'auto, cpu, webgpu, cuda, coreml or dml; see kinora doctor (default: auto)')
    .addOption(
      new Option(
        '--precision <name>',
        'arithmetic of the models; int8 is for the UNet on a CPU: faster, smaller and a little off; float16 is for GPUs',
      )
        .choices(['auto', 'float32', 'float16', 'int8'])
        .default('auto'),
    )
    .option('--threads <n>', 'threads of one operator (default: KINORA_THREADS, else the physical cores that may be used)', number)
    .option('--memory-limit <size>', 'the most memory to take, such as 8GiB: slower ways that need less are chosen (default: what is free)')
    .option('--compiled-cache', 'keep models in KINORA_CACHE as this CPU runs them: loads faster, takes gigabytes for each size')
    .option('--vae-tiling', 'encode and decode large frames in tiles: less memory, pixels differ a little')
}

export function severalOption(command: Command): Command {
  return command.option('--count <n>', 'videos of each prompt, each with a seed of its own (default: 1)', count)
}
