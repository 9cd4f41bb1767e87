// One job from being taken to its end: the video is made and stored, and the row says how it went. Bytes first, row second.

import type { OverallProgress } from 'kinora'
import type { Logger } from 'pino'
import type { Config } from '../config/config.ts'
import type { Database } from '../db/open.ts'
import { cancelJob, completeJob, failJob, reportProgress, returnJob } from '../queue/report.ts'
import { nameFiles } from '../retention/keys.ts'
import type { Storage } from '../storage/storage.ts'
import { failureOf } from './failure.ts'
import { putFiles, type WrittenFile, writeFiles } from './files.ts'
import { type GeneratedFrames, type Generation, prepareGeneration, runGeneration } from './generation.ts'
import { readInput } from './input.ts'
import { insist } from './insist.ts'
import { Interruption } from './interruption.ts'
import { type Latest, latest } from './latest.ts'
import { metadataOf } from './metadata.ts'
import type { Pipelines } from './pipelines.ts'
import { jobPreviews, type PreviewMaps } from './previews.ts'
import { jobProgress } from './progress.ts'
import type { RunningJob } from './running-job.ts'
import type { WorkFolder } from './work-folder.ts'

const REPORT_MS = 300
const SECONDS_PER_DAY = 86_400

export interface Workplace {
  readonly db: Database
  readonly storage: Storage
  readonly config: Config
  readonly log: Logger
  readonly pipelines: Pipelines
  readonly maps: PreviewMaps
  readonly folder: WorkFolder
  /** Aborted when the worker is to end at once. */
  readonly leaving: AbortSignal
}

export type Outcome = 'completed' | 'failed' | 'cancelled' | 'returned' | 'lost'

/** Rejects only when the row could not be told how the job ended. */
export async function performJob(given: Workplace, running: RunningJob): Promise<Outcome> {
  const { job } = running
  const place = { ...given, log: given.log.child({ video: job.id, model: job.model, task: job.request.task }) }
  const { log } = place
  const started = performance.now()
  log.info({ attempt: job.attempt }, 'a job begins')
  const outcome = await place.folder
    .with((folder) => makeVideo(folder, place, running))
    .catch((error: unknown) => stopped(place, running, error))
  log.info({ outcome, seconds: Number(((performance.now() - started) / 1000).toFixed(2)) }, 'a job has ended')
  return outcome
}

async function stopped({ db, log, leaving }: Workplace, { job, signal }: RunningJob, error: unknown): Promise<Outcome> {
  const why = signal.reason instanceof Interruption ? signal.reason.why : 'failed'
  const told = async (tell: () => Promise<boolean>) => ((await insist(tell, { log, leaving })) ? why : 'lost')
  switch (why) {
    case 'lost':
      return 'lost'
    case 'cancelled':
      return told(() => cancelJob(db, job))
    case 'returned':
      return told(() => returnJob(db, job))
    case 'failed': {
      const { code, message } = failureOf(error)
      log.error({ err: error, code }, 'a job has failed')
      return told(() => failJob(db, job, code, message))
    }
  }
}

/** To the end: the row names the files while they still are in the folder. */
async function makeVideo(folder: string, place: Workplace, running: RunningJob): Promise<Outcome> {
  const { storage, config, log, pipelines, maps } = place
  const { job, signal } = running
  const { request, model } = job
  const input = request.input === undefined ? undefined : await readInput(storage, request.input, folder, signal)
  const generation = await prepareGeneration(pipelines, { model, request, input: input?.frames })
  const reports = progressReports(place, running, generation)
  try {
    const { frames, made } = await watched(place, running, generation, (progress) => reports.push(progress))
    reports.push({ phase: 'encoding video', step: 0, total: 1 })
    const metadata = metadataOf(request, made.settings, config.models.find(({ name }) => name === model)!)
    const files = await writeFiles(frames, folder, { fps: request.fps, metadata, signal })
    await Promise.all([putFiles(storage, Object.values(files), { log, signal }), maps.learn(model, made)])
    return await complete(place, running, files, made.warnings)
  } finally {
    await reports.stop()
  }
}

function progressReports({ db, log }: Workplace, running: RunningJob, { settings }: Generation): Latest<OverallProgress> {
  const { job } = running
  const toProgress = jobProgress(settings, { atLeast: job.progress?.percent ?? 0 })
  return latest(REPORT_MS, async (progress) => {
    const known = await reportProgress(db, job, toProgress(progress)).catch((error: unknown) => {
      log.debug({ err: error }, 'progress cannot be told')
      return true
    })
    if (!known) await running.check()
  })
}

async function complete(
  { db, storage, config, log, leaving }: Workplace,
  { job, signal }: RunningJob,
  files: Readonly<Record<string, WrittenFile>>,
  warnings: readonly string[],
): Promise<Outcome> {
  const { days } = config.retention
  const keepFor = days === null ? undefined : days * SECONDS_PER_DAY
  const stored = Object.fromEntries(Object.entries(files).map(([variant, file]) => [variant, file.stored]))
  const put = Object.values(files).map(({ path, stored: { key, mediaType } }) => ({ key, path, mediaType }))
  const name = () => nameFiles({ db, storage }, put, (tx) => completeJob(tx, job, stored, keepFor, warnings))
  signal.throwIfAborted()
  return (await insist(name, { log, leaving, signal })) ? 'completed' : 'lost'
}

/** The generation, with pictures of it while it runs. */
async function watched(
  { db, log, maps, pipelines }: Workplace,
  { job, signal }: RunningJob,
  generation: Generation,
  onProgress: (progress: OverallProgress) => void,
): Promise<GeneratedFrames> {
  const previews = jobPreviews({ db, videoId: job.id, map: await maps.of(job.model, generation.pipe), log })
  try {
    return await runGeneration(pipelines, generation, { signal, onProgress, onStep: previews.onStep }, log)
  } finally {
    await previews.stop()
  }
}
