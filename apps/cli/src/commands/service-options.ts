// The options that serve, worker, backup and restore share. Each is a setting of the service under its own name: the values stay
// text here, and the service checks them together with what the environment and a file say.

import type { Command } from 'commander'
import { append } from '../arguments.ts'

/** Only text, and lists of it. */
export type ServiceFlags = Readonly<Record<string, string | string[] | boolean | undefined>>

export const SETTINGS_HELP = `
Every setting may also be a variable, KINORA_ and its name (KINORA_DATABASE_URL, KINORA_LIMITS_FRAMES), or stand in
the JSON file that --config or KINORA_CONFIG names ({"databaseUrl": ..., "limits": {"frames": ...}}). Flags go before
variables, and variables before the file. Passwords are better given by variable or file, since other users of the
machine see a command's flags. --print-config shows all settings, without secrets.`

export function placeOptions(command: Command): Command {
  return command
    .option('--config <file>', 'JSON file with settings')
    .option('--data <folder>', 'folder of the database and the videos (default: ~/.kinora)')
    .option('--database-url <url>', 'PostgreSQL instead of the embedded database: postgres://USER:PASSWORD@HOST/DATABASE')
    .option('--storage <url>', 'S3 instead of the data folder for videos: s3://BUCKET/PREFIX?endpoint=URL&region=NAME')
    .option('--log-level <name>', 'fatal, error, warn, info, debug, trace or silent (default: info)')
    .option('--print-config', 'show the settings that hold, and do nothing else')
}

export function generatorOptions(command: Command): Command {
  return command
    .option('--model <name=source>', 'a model to offer: a folder, a name of the hub, or demo; repeatable, the first is the default', append)
    .option('--lora <name=source>', 'an adapter that requests may add; repeatable', append)
    .option('--device <name>', 'auto, cpu, webgpu, cuda, coreml or dml (default: auto)')
    .option('--precision <name>', 'auto, float32, float16 or int8 (default: auto)')
    .option('--threads <n>', 'threads of one operator (default: the physical cores that may be used)')
    .option('--memory-limit <size>', 'the most memory of one generation, such as 8GiB (default: what is free)')
    .option('--drain-seconds <n>', 'how long a video may still take after SIGTERM, before it goes back to the queue (default: 600)')
}
