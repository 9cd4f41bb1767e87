// The service's names of phases and failures as keys of our texts. What a later service names anew is shown as it says it.

const PHASES = {
  queued: 'queued',
  starting: 'starting',
  downloading: 'downloading',
  quantizing: 'quantizing',
  loading: 'loading',
  'encoding prompt': 'encodingPrompt',
  'encoding frames': 'encodingFrames',
  denoising: 'denoising',
  decoding: 'decoding',
  'encoding video': 'encodingVideo',
} as const

export type PhaseKey = (typeof PHASES)[keyof typeof PHASES]

/** Phases in which each step is one of the model's or one frame, so that counting them says something. */
const COUNTED: ReadonlySet<string> = new Set(['denoising', 'decoding', 'encoding frames'])

export function phaseKey(phase: string): PhaseKey | undefined {
  return Object.hasOwn(PHASES, phase) ? PHASES[phase as keyof typeof PHASES] : undefined
}

export function isCounted(phase: string, total: number): boolean {
  return COUNTED.has(phase) && total > 1
}

const FAILURES = [
  'cancelled',
  'worker_lost',
  'engine_failed',
  'model_failed',
  'media_failed',
  'model_not_found',
  'lora_not_found',
  'input_gone',
  'input_unreadable',
  'input_missing',
  'storage_failed',
  'storage_unavailable',
  'invalid_request',
  'internal_error',
] as const

export type FailureKey = (typeof FAILURES)[number]

export function failureKey(code: string): FailureKey | undefined {
  return FAILURES.find((known) => known === code)
}

/** What would fail in the same way again: other settings are the way out. */
const HOPELESS: ReadonlySet<string> = new Set([
  'model_not_found',
  'lora_not_found',
  'input_gone',
  'input_unreadable',
  'input_missing',
  'invalid_request',
])

export function mayWorkAgain(code: string): boolean {
  return !HOPELESS.has(code)
}
