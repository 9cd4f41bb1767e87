// Whether this machine can write the wanted forms at all. Asked before the models run: after an hour
// of generating it would be too late.

import type { BackendReport, OutputForm } from 'kinora'
import { mediaBackends } from 'kinora'
import { Failure } from './errors.ts'

type Choice = 'auto' | 'node-av' | 'ffmpeg'

/** Throws Failure naming what is missing and how to get it. */
export async function checkBackends(forms: readonly OutputForm[], choice: Choice): Promise<void> {
  if (forms.every((form) => form === 'safetensors')) return
  const reports = await mediaBackends()
  for (const form of forms) {
    if (form === 'safetensors') continue
    const video = form === 'mp4' || form === 'webm'
    const usable = reports.filter(({ name }) => (video ? name !== 'sharp' && (choice === 'auto' || name === choice) : name === 'sharp'))
    if (usable.some(({ available }) => available)) continue
    const hint = video ? 'npm install node-av, or put ffmpeg on PATH; .gif, .webp and folders of frames need neither' : 'npm install sharp'
    throw new Failure(`no program here can write ${form}: ${usable.map(missing).join('; ')}`, hint)
  }
}

function missing({ name, reason = 'not available' }: BackendReport): string {
  return `${name}: ${reason}`
}
