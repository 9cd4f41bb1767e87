// Generates the videos of one command, one after the other, and saves each in every form that is
// wanted. Everything that can be wrong with the arguments is found before the first one starts.

import type { Video } from 'kinora'
import { outputForm, saveVideo, TextToVideoPipeline } from 'kinora'
import type { GenerateFlags } from './flags.ts'
import { bytes } from './format.ts'
import { checkBackends } from './media-check.ts'
import type { ModelChoice } from './model.ts'
import { chooseModel } from './model.ts'
import { DEFAULT_OUTPUT } from './outputs.ts'
import type { PlannedVideo, RunPlan } from './plan.ts'
import { generateOptions, planRun } from './plan.ts'
import { readPrompts } from './prompts.ts'
import type { Reporter } from './reporters/reporter.ts'
import { createReporter } from './reporters/reporter.ts'
import { chooseScheduler } from './scheduler.ts'

interface Run {
  readonly pipe: TextToVideoPipeline
  readonly model: ModelChoice
  readonly flags: GenerateFlags
  readonly reporter: Reporter
  readonly signal: AbortSignal
}

/** `words` are the command line's arguments: the prompt. Rejects with the signal's reason when interrupted. */
export async function runGenerate(words: readonly string[], flags: GenerateFlags, signal: AbortSignal): Promise<void> {
  const prompts = await readPrompts(words, flags.batchFile)
  const forms = (flags.out ?? [DEFAULT_OUTPUT]).map(outputForm)
  const model = await chooseModel(flags.model)
  const { variant, device, precision, threads } = flags
  const options = Object.fromEntries(Object.entries({ variant, device, precision, threads }).filter(([, value]) => value !== undefined))
  const pipe = await TextToVideoPipeline.fromPretrained(model.folder, options)
  const reporter = createReporter(flags.json === true)
  try {
    pipe.scheduler = chooseScheduler(pipe.scheduler, flags.scheduler, flags.schedulerConfig)
    const plan = await planRun(pipe, model, prompts, flags)
    await checkBackends(forms, flags.backend ?? 'auto')
    warnOfMemory(plan, reporter)
    if (flags.dryRun) reporter.plan(plan)
    else await runPlan(plan, { pipe, model, flags, reporter, signal })
  } finally {
    reporter.stop()
    await pipe.dispose()
  }
}

async function runPlan(plan: RunPlan, run: Run): Promise<void> {
  const started = performance.now()
  const files: string[] = []
  for (const [i, planned] of plan.videos.entries()) {
    run.signal.throwIfAborted()
    run.reporter.start({ number: i + 1, total: plan.videos.length, video: planned })
    const video = await generateOne(planned, run)
    files.push(...(await saveOne(video, planned, plan.fps, run)))
  }
  run.reporter.done({ videos: plan.videos.length, files, seconds: (performance.now() - started) / 1000 })
}

function generateOne({ settings }: PlannedVideo, { pipe, model, flags, reporter, signal }: Run): Promise<Video> {
  return pipe.generate({
    ...generateOptions(flags, model),
    prompt: settings.prompt,
    seed: BigInt(settings.seed),
    signal,
    onProgress: reporter.progress,
    onWarning: reporter.warning,
  })
}

/** Saves every form even when one fails, since the video cost more than the files; then throws the first failure. */
async function saveOne(video: Video, { files, request }: PlannedVideo, fps: number, { flags, reporter, signal }: Run): Promise<string[]> {
  const metadata = flags.metadata === false ? (false as const) : request
  const options = { fps, metadata, signal, backend: flags.backend ?? 'auto' }
  const failures: unknown[] = []
  reporter.progress({ phase: 'encoding video', step: 0, total: files.length })
  for (const [i, { path }] of files.entries()) {
    try {
      const saved = await saveVideo(video, path, options)
      reporter.progress({ phase: 'encoding video', step: i + 1, total: files.length })
      reporter.saved(saved)
    } catch (error) {
      signal.throwIfAborted()
      failures.push(error)
    }
  }
  for (const failure of failures.slice(1)) reporter.warning(failure instanceof Error ? failure.message : String(failure))
  if (failures.length > 0) throw failures[0]
  return files.map(({ path }) => path)
}

function warnOfMemory({ memory }: RunPlan, reporter: Reporter): void {
  const available = process.availableMemory()
  if (memory.total > available)
    reporter.warning(
      `this takes about ${bytes(memory.total)} of memory, ${bytes(available)} are free: fewer frames or a smaller size take less`,
    )
}
