// Runs bench/reference.py (diffusers) as a child, one command at a time, so that its steps and ours
// alternate within one run and see the same machine.

import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { BenchOptions } from './options.ts'

export interface ReferenceOptions {
  /** Interpreter whose environment has torch, diffusers, transformers and safetensors. */
  python: string
  checkpoint: string
  /** What is loaded: unet, vae, text_encoder, or `generate` for all. */
  part: string
  variant?: string
  dtype: string
  threads?: number
  inputs: string
  output: string
  /** Of `generate`. */
  steps?: number
  guidance?: number
}

/** What every benchmark tells the reference. */
export function commonOptions({ checkpoint, dtype, referenceDtype, threads }: BenchOptions) {
  return { checkpoint, dtype: referenceDtype, ...(dtype === 'float16' && { variant: 'fp16' }), ...(threads && { threads }) }
}

export interface ReferenceStep {
  seconds: number
  /** Of `generate`: text, step or frame. */
  phase: string
}

export type ReferenceEvent = Readonly<Record<string, unknown>> & { event: string }

export class Reference {
  readonly #child: ChildProcess
  readonly #lines: AsyncIterator<string>
  readonly #ended: Promise<string>

  private constructor(child: ChildProcess, lines: AsyncIterator<string>, ended: Promise<string>) {
    this.#child = child
    this.#lines = lines
    this.#ended = ended
  }

  /** Starts Python and waits until the part is loaded. Rejects with Python's last words when it ends before. */
  static async start(options: ReferenceOptions): Promise<{ reference: Reference; ready: ReferenceEvent }> {
    const { python, checkpoint, part, variant, dtype, threads, inputs, output, steps, guidance } = options
    const script = fileURLToPath(new URL('reference.py', import.meta.url))
    const args = [script, '--checkpoint', checkpoint, '--part', part, '--inputs', inputs, '--output', output, '--dtype', dtype]
    if (variant) args.push('--variant', variant)
    if (threads) args.push('--threads', String(threads))
    if (steps !== undefined) args.push('--steps', String(steps))
    if (guidance !== undefined) args.push('--guidance', String(guidance))
    const child = spawn(python, args, { stdio: ['pipe', 'pipe', 'pipe'] })
    let words = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      words = (words + text).slice(-2000)
    })
    const ended = new Promise<string>((resolve) => {
      child.once('error', (error) => resolve(error.message))
      child.once('close', (code, signal) => resolve(`${words.trim()} (${signal ?? `exit code ${code}`})`))
    })
    child.stdin.on('error', () => {})
    const reference = new Reference(child, createInterface(child.stdout)[Symbol.asyncIterator](), ended)
    return { reference, ready: await reference.#next() }
  }

  get pid(): number {
    return this.#child.pid ?? 0
  }

  /** The part's next piece of work: a UNet forward, a frame, the texts. */
  async step(): Promise<ReferenceStep> {
    const { seconds, phase } = await this.#ask('step')
    return { seconds: Number(seconds), phase: String(phase) }
  }

  /** Writes the outputs of the steps so far to the output file. */
  async save(): Promise<void> {
    await this.#ask('save')
  }

  /** Ends the child. Safe to call more than once. */
  async stop(): Promise<void> {
    this.#child.stdin?.end('quit\n')
    const late = setTimeout(() => this.#child.kill('SIGKILL'), 10_000)
    await this.#ended
    clearTimeout(late)
  }

  async #ask(command: string): Promise<ReferenceEvent> {
    this.#child.stdin?.write(`${command}\n`)
    return await this.#next()
  }

  async #next(): Promise<ReferenceEvent> {
    const { value, done } = await this.#lines.next()
    if (done) throw new Error(`the reference ended: ${await this.#ended}`)
    return JSON.parse(value) as ReferenceEvent
  }
}

/** Of torch and diffusers, as `ready` tells them. */
export function versionsOf({ versions }: ReferenceEvent): Record<string, string> {
  return versions as Record<string, string>
}
