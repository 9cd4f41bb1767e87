// Runs bench/reference.py (diffusers) as a child, one command at a time, so that its steps and ours
// alternate within one run and see the same machine.

import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

export interface ReferenceOptions {
  /** Interpreter whose environment has torch, diffusers, transformers and safetensors. */
  python: string
  checkpoint: string
  /** The only part that is loaded: unet or vae. */
  part: string
  variant?: string
  dtype: string
  threads?: number
  inputs: string
  output: string
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
    const { python, checkpoint, part, variant, dtype, threads, inputs, output } = options
    const script = fileURLToPath(new URL('reference.py', import.meta.url))
    const args = [script, '--checkpoint', checkpoint, '--part', part, '--inputs', inputs, '--output', output, '--dtype', dtype]
    if (variant) args.push('--variant', variant)
    if (threads) args.push('--threads', String(threads))
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

  /** One UNet forward, or the decoding of the next frame; its seconds. */
  async step(): Promise<number> {
    return Number((await this.#ask('step')).seconds)
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
