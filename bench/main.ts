// The benchmark's command line: `npm run bench -- COMMAND [options]`. Prints a table, writes the same
// figures as JSON to bench/results/ or, to be kept, to docs/performance/, and makes the random checkpoint
// when its folder lacks it. `report` makes tables and plots of what is kept.

import { openCheckpoint } from '../packages/kinora/src/checkpoint/open.ts'
import { type ModelFiles, parseModelFiles } from '../packages/kinora/src/pipelines/model-files.ts'
import { choice, UsageError } from './arguments.ts'
import { measureGenerate } from './generate.ts'
import { measureGrowth, POINTS } from './growth.ts'
import { type Log, measure } from './measure.ts'
import { type BenchOptions, COMMANDS, type Command, parseOptions } from './options.ts'
import { defaultCheckpointFolder, writeRandomCheckpoint } from './random-checkpoint.ts'
import { formatResult } from './report.ts'
import { type BenchResult, circumstances, KEPT, type StepResult, writeResult } from './result.ts'
import { measureStartup } from './startup.ts'
import { textBenchmark } from './text.ts'
import { unetBenchmark } from './unet.ts'
import { vaeBenchmark } from './vae.ts'
import { writeReport } from './write-report.ts'

/** Largest RMS disagreement, relative, of two sides that compute the same thing in float32. */
const TOLERANCE = 1e-3

const USAGE = `npm run bench -- ${COMMANDS.join('|')}|report [options]

  unet      steps of the UNet, with guidance unless --guidance 1
  vae       the autoencoder's decoder, a step a frame
  text      the text encoder over two prompts
  generate  a whole video, text to mp4; --steps N of --total-steps are measured, the rest is extrapolated.
            What follows a -- goes to kinora generate as it is, for example -- --scheduler lcm --lora FILE
  growth    seconds and memory of a step, and of decoding a frame, against frames and size
  startup   from the start of kinora generate to its first step, by phases
  report    tables and plots from the results kept in docs/performance

  --checkpoint FOLDER   full-size checkpoint; a random one is made in ${defaultCheckpointFolder()} when left out
  --dtype D             weights to read: float32 (default) or float16
  --precision P         what our engine computes in (default float32)      --device D   auto (default), cpu, webgpu, cuda, ...
  --frames N            16    --height PIXELS   256    --width PIXELS   256
  --guidance G          9; 1 is without guidance
  --steps N             measured steps after one warm-up (default: unet 5, text 20, growth 1, vae every frame; growth takes 0)
  --total-steps N       of generate: steps of the video (default 25)
  --reference-total-steps N, --reference-guidance G     of generate: where the reference's video is made otherwise
  --points LIST         of growth: FRAMESxHEIGHTxWIDTH,... (default ${POINTS.length} from 16x256x256 to 200x256x256 and 16x576x1024)
  --part P              of growth: unet, vae or both (default)
  --memory-limit SIZE   what our engine may take, for example 8GiB
  --compiled-cache DIR  of unet, vae, text and growth: our engine keeps models there as they run
  --threads N           for both sides (default: each engine's own choice)
  --reference PYTHON    also run diffusers, with this interpreter (default $KINORA_BENCH_PYTHON)
  --reference-dtype D   float32 (default) or bfloat16
  --only SIDE           kinora or reference
  --json FILE           where to write the figures (default bench/results/NAME-DATE.json)
  --keep NAME           write them to docs/performance/DATE-NAME.json instead`

async function main([command = 'nothing', ...args]: string[]): Promise<void> {
  if (choice('benchmark', command, [...COMMANDS, 'report']) === 'report') {
    if (args.length > 0) throw new UsageError(`report ${args[0]}: it takes no options`)
    for (const path of writeReport(KEPT)) console.log(path)
    return
  }
  const name = choice('benchmark', command, COMMANDS)
  const { options, output } = parseOptions(name, args)
  if (!args.includes('--checkpoint')) writeRandomCheckpoint({ folder: options.checkpoint, dtypes: [options.dtype], log: console.error })
  const result = await run(name, options, console.error)
  console.log(formatResult(result))
  console.log(writeResult(result, output))
  if ('disagreement' in result) checkAgreement(result)
}

async function run(command: Command, options: BenchOptions, log: Log): Promise<BenchResult> {
  const around = circumstances(options)
  const { load } = around.machine
  if (load > 0.5) log(`load average ${load.toFixed(1)}: other work shares this machine, times will be too long`)
  const checkpoint = await openCheckpoint(options.checkpoint, options.dtype === 'float16' ? { variant: 'fp16' } : {})
  const measured = await runCommand(command, options, parseModelFiles(checkpoint), log)
  const versions = { ...around.versions, ...measured.versions }
  return { command, ...around, versions, ...measured.figures } as BenchResult
}

async function runCommand(command: Command, options: BenchOptions, files: ModelFiles, log: Log) {
  switch (command) {
    case 'unet':
      return await measure(unetBenchmark(options, files), options, log)
    case 'vae':
      return await measure(vaeBenchmark(options, files), options, log)
    case 'text':
      return await measure(textBenchmark(options, files), options, log)
    case 'generate':
      return await measureGenerate(options, files, log)
    case 'growth':
      return await measureGrowth(options, files, log)
    case 'startup':
      return await measureStartup(options, files, log)
    default:
      return command satisfies never
  }
}

/** Two float32 sides that disagree did not do the same work. */
function checkAgreement({ options, disagreement }: StepResult): void {
  const exact = options.referenceDtype === 'float32' && options.precision === 'float32' && ['auto', 'cpu'].includes(options.device)
  const relative = disagreement?.relative ?? 0
  if (exact && !(relative <= TOLERANCE))
    throw new Error(`the outputs differ by ${relative}, more than ${TOLERANCE}: the times compare different things`)
}

try {
  await main(process.argv.slice(2))
} catch (error) {
  const usage = error instanceof UsageError || (error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS')
  console.error(usage ? `${(error as Error).message}\n\n${USAGE}` : error)
  process.exitCode = usage ? 2 : 1
}
