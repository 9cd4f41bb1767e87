// What this machine offers for generating, check by check. A check that `fails` means that a plain
// `kinora generate` would not work; a `warn` costs something else.

import { statfs } from 'node:fs/promises'
import { cpus, tmpdir, totalmem } from 'node:os'
import type { BackendReport, EngineReport } from 'kinora'
import { cacheReport, engineReport, mediaBackends, TextToVideoPipeline } from 'kinora'
import { vectorExtensions } from './cpu.ts'
import { bytes } from './format.ts'
import { chooseModel } from './model.ts'

export interface Check {
  readonly name: string
  readonly status: 'ok' | 'warn' | 'fail' | 'absent'
  readonly detail: string
  /** What to do about it. */
  readonly hint?: string
}

const NEEDED_NODE = [22, 18] as const
/** A demo video takes some 400 MB, both processes together. */
const DEMO_MEMORY = 5e8
const LITTLE_DISK = 1e9

/** Runs every check; takes a second or two. Never throws for what it checks. */
export async function diagnose(): Promise<Check[]> {
  const [engine, backends, model, cache, disk, extensions] = await Promise.all([
    engineReport(),
    mediaBackends(),
    demoCheck(),
    cacheCheck(),
    diskCheck(),
    vectorExtensions(),
  ])
  return [
    nodeCheck(process.versions.node),
    cpuCheck(extensions),
    memoryCheck(),
    ...engineChecks(engine),
    ...mediaChecks(backends),
    model,
    cache,
    disk,
  ]
}

export function nodeCheck(version: string): Check {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [neededMajor, neededMinor] = NEEDED_NODE
  const recent = major > neededMajor || (major === neededMajor && minor >= neededMinor)
  const detail = `${version} on ${process.platform} ${process.arch}`
  return {
    name: 'Node.js',
    detail,
    ...(recent ? { status: 'ok' } : { status: 'fail', hint: `install Node.js ${NEEDED_NODE.join('.')} or newer` }),
  }
}

function cpuCheck(extensions: readonly string[] | undefined): Check {
  const all = cpus()
  const known = extensions ? extensions.join(' ') || 'no vector extensions' : 'vector extensions unknown'
  return { name: 'CPU', status: 'ok', detail: `${all[0]?.model.trim() ?? 'unknown'}, ${all.length} threads, ${known}` }
}

function memoryCheck(): Check {
  const available = process.availableMemory()
  const detail = `${bytes(available)} free of ${bytes(process.constrainedMemory() > 0 ? Math.min(totalmem(), process.constrainedMemory()) : totalmem())}`
  if (available >= DEMO_MEMORY) return { name: 'memory', status: 'ok', detail }
  return { name: 'memory', status: 'warn', detail, hint: `a demo video takes about ${bytes(DEMO_MEMORY)}: close other programs` }
}

export function engineChecks({ version, devices }: EngineReport): Check[] {
  return devices.map(({ device, available, reason = 'not available' }): Check => {
    const name = `ONNX Runtime${version === undefined ? '' : ` ${version}`}, ${device}`
    if (available) return { name, status: 'ok', detail: 'works' }
    if (device !== 'cpu') return { name, status: 'absent', detail: reason }
    return { name, status: 'fail', detail: reason, hint: 'install Kinora again: ONNX Runtime belongs to it' }
  })
}

export function mediaChecks(backends: readonly BackendReport[]): Check[] {
  const anyVideo = backends.some(({ name, available }) => name !== 'sharp' && available)
  return backends.map(({ name, available, version, reason = 'not available' }): Check => {
    if (available) return { name, status: 'ok', detail: version }
    if (name === 'sharp') return { name, status: 'warn', detail: reason, hint: 'for .gif, .webp and folders of frames: npm install sharp' }
    if (anyVideo) return { name, status: 'absent', detail: reason }
    return { name, status: 'fail', detail: reason, hint: 'for .mp4 and .webm: npm install node-av, or put ffmpeg on PATH' }
  })
}

async function demoCheck(): Promise<Check> {
  const name = 'demo model'
  try {
    const { source } = await chooseModel(undefined)
    const pipe = await TextToVideoPipeline.fromPretrained(source)
    await pipe.dispose()
    const { width, height } = pipe.defaults
    return { name, status: 'ok', detail: `${source}, ${width}x${height}, ${bytes(pipe.weightBytes.total)} of weights` }
  } catch (error) {
    return {
      name,
      status: 'fail',
      detail: error instanceof Error ? error.message : String(error),
      hint: 'npm install @kinora/demo-model, or name a checkpoint with -m',
    }
  }
}

async function cacheCheck(): Promise<Check> {
  const { folder, int8, compiled } = await cacheReport()
  const detail = `${folder}, ${bytes(int8)} of int8 weights, ${bytes(compiled)} of compiled models; may be deleted`
  return { name: 'made from models', status: 'ok', detail }
}

async function diskCheck(): Promise<Check> {
  const folder = tmpdir()
  const name = 'temporary folder'
  const disk = await statfs(folder).catch(() => undefined)
  if (!disk) return { name, status: 'warn', detail: `${folder} cannot be examined` }
  const free = disk.bavail * disk.bsize
  const detail = `${folder}, ${bytes(free)} free`
  return free >= LITTLE_DISK ? { name, status: 'ok', detail } : { name, status: 'warn', detail, hint: 'free some space' }
}
