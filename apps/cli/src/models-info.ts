// `kinora models info`: what is known of a model, and what is here of it.

import type { Int8Copy, ModelStatus, Preset } from 'kinora'
import { findPreset, modelStatus } from 'kinora'
import type { ModelFlags } from './commands/models.ts'
import { bytes } from './format.ts'

export async function showModel(name: string, { variant, json = false }: ModelFlags, signal: AbortSignal): Promise<void> {
  const preset = findPreset(name)
  const options = { signal, ...(variant !== undefined && { variant }) }
  // What is known of a published model is worth showing although the hub cannot be reached.
  const status = await modelStatus(name, options).catch((error: unknown) => {
    if (!preset || signal.aborted) throw error
    return error instanceof Error ? error.message : String(error)
  })
  if (json) process.stdout.write(`${JSON.stringify({ preset, ...(typeof status === 'string' ? { error: status } : { status }) })}\n`)
  else process.stdout.write(`${[...presetLines(name, preset), ...statusLines(status)].join('\n')}\n`)
}

function presetLines(name: string, preset: Preset | undefined): string[] {
  if (!preset) return [line('model', name), line('settings', "not a model that is known by name: the reference's defaults hold")]
  const { width, height, numFrames, fps, numInferenceSteps, guidanceScale, scheduler, strength } = preset
  const size = width === undefined ? [] : [`${width}x${height}`]
  const made = [...size, ...(numFrames === undefined ? [] : [`${numFrames} frames`]), ...(fps === undefined ? [] : [`${fps} fps`])]
  const suits = [
    ...(numInferenceSteps === undefined ? [] : [`${numInferenceSteps} steps`]),
    ...(guidanceScale === undefined ? [] : [`guidance ${guidanceScale}`]),
    ...(strength === undefined ? [] : [`strength ${strength}`]),
    ...(scheduler === undefined ? [] : [scheduler.className]),
  ]
  return [
    line('model', `${preset.title} (${preset.name})`),
    line('kind', `${preset.kind === 'lora' ? `adapter for ${preset.base}` : 'checkpoint'}, ${preset.task}`),
    ...(made.length === 0 ? [] : [line('trained', made.join(', '))]),
    ...(suits.length === 0 ? [] : [line('suits', suits.join(', '))]),
    line('licence', [preset.license ?? 'not known', ...(preset.licenseNote === undefined ? [] : [preset.licenseNote])].join('; ')),
    line('watermark', preset.watermark === undefined ? 'not known' : preset.watermark ? 'its videos show one' : 'none'),
    line('hub', preset.repos.join(', ')),
  ]
}

function statusLines(status: ModelStatus | string): string[] {
  if (typeof status === 'string') return [line('here', status)]
  const { state, bytes: size, here, path, commit, files, int8 } = status
  const copies = int8.map((copy, i) => line(i === 0 ? 'int8' : '', int8Line(copy)))
  if (state === 'local') return [line('here', path ?? ''), ...copies]
  return [
    line('here', { complete: 'complete', partial: `${bytes(here)} of ${bytes(size)}`, absent: 'not downloaded' }[state]),
    ...(commit === undefined ? [] : [line('commit', commit)]),
    ...(path === undefined || state === 'absent' ? [] : [line('path', path)]),
    ...copies,
    ...files.map((file) => line('', `${bytes(file.size).padStart(8)}  ${file.path}${file.here < file.size ? '' : '  (here)'}`)),
  ]
}

function int8Line({ bytes: size, made, adapters, path }: Int8Copy): string {
  const merged = adapters.map(({ name, scale }) => `${name}@${scale}`).join(', ')
  return `${bytes(size)}, made ${made.toISOString().slice(0, 10)}${merged === '' ? '' : `, with ${merged}`}: ${path}`
}

function line(name: string, value: string): string {
  return `${name.padEnd(10)}${value}`
}
