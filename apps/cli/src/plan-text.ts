// A run's plan as text, for `--dry-run`.

import { bytes } from './format.ts'
import type { PlannedVideo, RunPlan } from './plan.ts'

export function planText({ model, fps, memory, videos }: RunPlan): string {
  const parts = `weights ${bytes(memory.weights)}, activations ${bytes(memory.activations)}, frames ${bytes(memory.frames)}`
  const head = [line('model', `${model.name} (${model.folder})`), line('memory', `about ${bytes(memory.total)}: ${parts}`)]
  return [...head, ...videos.flatMap((video) => ['', ...videoLines(video, fps)]), '', 'Nothing was generated or written.'].join('\n')
}

function videoLines({ settings, files }: PlannedVideo, fps: number): string[] {
  const { prompt, negativePrompt, width, height, numFrames, numInferenceSteps, guidanceScale, eta, clipSkip, seed, scheduler } = settings
  return [
    line('prompt', prompt[0]!),
    ...(negativePrompt[0] === '' ? [] : [line('negative', negativePrompt[0]!)]),
    line('size', `${width}x${height}, ${numFrames} frames at ${fps} fps (${Number((numFrames / fps).toFixed(2))} s)`),
    line('steps', `${numInferenceSteps} of ${scheduler}, guidance ${guidanceScale}, eta ${eta}, clip skip ${clipSkip}`),
    line('seed', String(seed)),
    ...files.map(({ path, form, exists }) => line('file', `${path} (${form}${exists ? ', replaces what is there' : ''})`)),
  ]
}

function line(name: string, value: string): string {
  return `${name.padEnd(9)}${value}`
}
