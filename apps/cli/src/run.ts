// Generates the videos of one command, one after the other, and saves each in every form that is
// wanted. Everything that can be wrong with the arguments is found before the first one starts.

import type { Video } from 'kinora'
import { createOverall, joinFrames, outputForm, saveVideo } from 'kinora'
import type { GenerateFlags } from './flags.ts'
import { bytes } from './format.ts'
import { checkBackends } from './media-check.ts'
import { DEFAULT_OUTPUT } from './names.ts'
import type { PlannedVideo, RunPlan } from './plan.ts'
import { planRun } from './plan.ts'
import { noPrompt, readPrompts } from './prompts.ts'
import type { Reporter } from './reporters/reporter.ts'
import { createReporter } from './reporters/reporter.ts'
import type { Source } from './source.ts'
import { checkFlags, readSource } from './source.ts'
import type { Stage } from './stages.ts'
import { openStages } from './stages.ts'
import { readGivenTensors } from './tensors.ts'

interface Run {
  readonly stages: readonly Stage[]
  readonly source: Source | undefined
  readonly flags: GenerateFlags
  readonly reporter: Reporter
  readonly signal: AbortSignal
}

/** `words` are the command line's arguments: the prompt. Rejects with the signal's reason when interrupted. */
export async function runGenerate(words: readonly string[], flags: GenerateFlags, signal: AbortSignal): Promise<void> {
  checkFlags(flags)
  const prompts = flags.promptEmbeds === undefined ? await readPrompts(words, flags.batchFile) : noPrompt(words)
  const forms = (flags.out ?? [DEFAULT_OUTPUT]).map(outputForm)
  const inputs = { source: await readSource(flags, signal), tensors: await readGivenTensors(flags) }
  const reporter = createReporter(flags.json === true)
  for (const note of inputs.source?.notes ?? []) reporter.note(note)
  const listeners = { signal, onProgress: reporter.progress, onWarning: reporter.warning }
  let stages: readonly Stage[] = []
  try {
    stages = await openStages(flags, inputs, listeners)
    for (const { pipe } of stages)
      if (pipe.preset?.license !== undefined) reporter.note(`${pipe.preset.title} is licensed ${pipe.preset.license}`)
    const plan = await planRun(stages, prompts, flags, inputs.source)
    await checkBackends(forms, flags.backend ?? 'auto')
    tellMemory(plan, reporter)
    if (flags.dryRun) reporter.plan(plan)
    else await runPlan(plan, { stages, source: inputs.source, flags, reporter, signal })
  } finally {
    reporter.stop()
    for (const { pipe } of stages) await pipe.dispose()
  }
}

async function runPlan(plan: RunPlan, run: Run): Promise<void> {
  const started = performance.now()
  const files: string[] = []
  for (const [i, planned] of plan.videos.entries()) {
    run.signal.throwIfAborted()
    run.reporter.start({ number: i + 1, total: plan.videos.length, video: planned })
    const video = await runStages(planned, run)
    files.push(...(await saveOne(video, planned, plan.fps, run)))
  }
  run.reporter.done({ videos: plan.videos.length, files, seconds: (performance.now() - started) / 1000 })
}

/** One stage's models leave the memory before the next one's come in. */
async function runStages({ item, settings }: PlannedVideo, { stages, source, reporter, signal }: Run): Promise<Video> {
  const overall = createOverall(settings)
  let video: Video | undefined
  for (const [index, stage] of stages.entries()) {
    const before = video
    const listeners = {
      signal,
      onProgress: (progress: Parameters<typeof reporter.progress>[0]) =>
        reporter.progress({ ...progress, overall: overall(index, progress) }),
      onWarning: reporter.warning,
    }
    video = await stage.generate(item, listeners, before)
    if (stages.length > 1) await stage.pipe.dispose()
  }
  if (source?.use !== 'continue') return video!
  return { ...video!, frames: joinFrames(source.frames, video!.frames, settings[0].overlap!) }
}

/** Saves every form even when one fails, since the video cost more than the files; then throws the first failure. */
async function saveOne(video: Video, { files, request }: PlannedVideo, fps: number, { flags, reporter, signal }: Run): Promise<string[]> {
  const metadata = flags.metadata === false ? (false as const) : request
  const options = { fps, metadata, signal, backend: flags.backend ?? 'auto' }
  const failures: unknown[] = []
  reporter.progress({ phase: 'encoding video', step: 0, total: files.length, overall: 1 })
  for (const [i, { path }] of files.entries()) {
    try {
      const saved = await saveVideo(video, path, options)
      reporter.progress({ phase: 'encoding video', step: i + 1, total: files.length, overall: 1 })
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

/** What is done to stay within the memory, and whether that is not enough. */
function tellMemory({ memory, measures, tooLarge }: RunPlan, reporter: Reporter): void {
  const all = [...new Set(measures.flat())]
  if (all.length > 0) reporter.note(`about ${bytes(memory.total)} of memory: ${all.join('; ')}`)
  if (tooLarge)
    reporter.warning(
      `this takes about ${bytes(memory.total)} of memory, ${bytes(process.availableMemory())} are free: fewer frames or a smaller size take less`,
    )
}
