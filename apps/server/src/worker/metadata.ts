// What a video file says of how it was made: the library's settings by their own names, as the command line writes them, so that
// `kinora metadata` and other programs read both alike. No path of this machine is in it.

import { readFileSync } from 'node:fs'
import type { Settings } from 'kinora'
import type { ModelConfig } from '../config/config.ts'
import type { VideoRequest } from '../db/values.ts'

const DEMO = '@kinora/demo-model'
const VERSION = (JSON.parse(readFileSync(new URL(import.meta.resolve('kinora/package.json')), 'utf8')) as { version: string }).version

export function metadataOf(request: VideoRequest, settings: Settings, { source, ...model }: ModelConfig): Record<string, unknown> {
  const { task, input, lora = [], fps } = request
  return {
    kinora: VERSION,
    model: nameOf(source, model.name),
    ...(model.variant !== undefined && { variant: model.variant }),
    ...(lora.length > 0 && { loras: lora }),
    ...settings,
    prompt: request.prompt,
    negativePrompt: request.negative_prompt,
    ...(request.scheduler !== undefined && { scheduler: request.scheduler }),
    ...(input !== undefined && { [task === 'extend' ? 'continueFrom' : 'video']: input }),
    fps,
  }
}

/** Of the hub, the name that anyone can use; of a folder, the one that it has here. */
function nameOf(source: string, name: string): string {
  if (source === 'demo') return DEMO
  return /^[\w-][\w.-]*\/[\w.-]+(@[\w./-]+)?$/.test(source) ? source : name
}
