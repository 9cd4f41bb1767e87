// A run's plan as text, for `--dry-run`.

import type { Settings } from 'kinora'
import { bytes } from './format.ts'
import type { PlannedVideo, RunPlan } from './plan.ts'

export function planText({ models, fps, memory, measures, videos }: RunPlan): string {
  const parts = `weights ${bytes(memory.weights)}, activations ${bytes(memory.activations)}, frames ${bytes(memory.frames)}`
  const head = [
    ...models.map(({ name, source }, i) => line(i === 0 ? 'model' : 'then', name === source ? name : `${name} (${source})`)),
    line('memory', `about ${bytes(memory.total)}: ${parts}`),
    ...[...new Set(measures.flat())].map((measure) => line('', measure)),
  ]
  return [...head, ...videos.flatMap((video) => ['', ...videoLines(video, fps)]), '', 'Nothing was generated or written.'].join('\n')
}

function videoLines({ settings: [settings, ...later], files }: PlannedVideo, fps: number): string[] {
  const { prompt, negativePrompt, width, height, numFrames, numInferenceSteps, guidanceScale, eta, clipSkip, seed, scheduler } = settings
  return [
    line('prompt', prompt[0] || '(embeddings)'),
    ...(negativePrompt[0] === '' ? [] : [line('negative', negativePrompt[0]!)]),
    line('size', `${width}x${height}, ${numFrames} frames at ${fps} fps (${Number((numFrames / fps).toFixed(2))} s)`),
    line('steps', `${numInferenceSteps} of ${scheduler}, guidance ${guidanceScale}, eta ${eta}, clip skip ${clipSkip}`),
    ...(settings.precision === undefined ? [] : [line('computes', `in ${settings.precision}`)]),
    ...evaluationLines(settings),
    ...(settings.strength === undefined ? [] : [line('strength', String(settings.strength))]),
    ...later.map((then) =>
      line('then', `${then.width}x${then.height}, ${then.numInferenceSteps} steps of ${then.scheduler} at strength ${then.strength}`),
    ),
    line('seed', String(seed)),
    ...files.map(({ path, form, exists }) => line('file', `${path} (${form}${exists ? ', replaces what is there' : ''})`)),
  ]
}

/** What leaves out part of the model's work. */
function evaluationLines({ guidanceInterval, cacheInterval, cacheDepth }: Settings): string[] {
  return [
    ...(guidanceInterval ? [line('guided', `from ${guidanceInterval[0]} to ${guidanceInterval[1]} of the schedule`)] : []),
    ...(cacheInterval === undefined ? [] : [line('cached', `deep features for ${cacheInterval} evaluations, depth ${cacheDepth}`)]),
  ]
}

function line(name: string, value: string): string {
  return `${name.padEnd(9)}${value}`
}
