// A model in parts that run one after the other: what passes between them stays in this process as
// ONNX Runtime's tensors and is given back after its last reader. A streamed part is loaded for its
// turn only. Parts can be left out of a run; what they gave in an earlier one then takes their place.

import { setImmediate as nextTurn } from 'node:timers/promises'
import { EngineError } from '../errors.ts'
import type { ModelNames } from '../onnx/names.ts'
import { modelNames } from '../onnx/names.ts'
import type { ChainPlan } from './chain-plan.ts'
import { planChain } from './chain-plan.ts'
import type { SessionOptions } from './engine.ts'
import type { NativeTensor, NativeTensors } from './native-session.node.ts'
import { freeNative, openNative, runNative } from './native-session.node.ts'

interface Part extends ModelNames {
  run(feeds: NativeTensors): Promise<NativeTensors>
  release(): Promise<void>
}

export class PartChain {
  readonly #parts: readonly Part[]
  readonly #plan: ChainPlan
  readonly #keep: readonly number[]
  readonly #kept = new Map<string, NativeTensor>()
  #released = false

  private constructor(parts: readonly Part[], keep: readonly number[]) {
    this.#parts = parts
    this.#plan = planChain(parts, keep)
    this.#keep = keep
  }

  /** Opens models whose inputs are the feeds' or outputs of models before them. An abort is seen between two of them. */
  static async open(models: readonly Uint8Array[], options: SessionOptions, signal?: AbortSignal): Promise<PartChain> {
    const parts: Part[] = []
    try {
      for (const model of models) {
        await pause(signal)
        parts.push(options.streamed ? streamedPart(model, options) : await loadedPart(model, options))
      }
      await pause(signal)
      return new PartChain(parts, options.keep ?? [])
    } catch (error) {
      for (const part of parts) await part.release()
      throw error
    }
  }

  /** Runs all parts but those in `reuse`. An abort is seen between two of them. */
  async run(feeds: NativeTensors, reuse: readonly number[], signal?: AbortSignal): Promise<NativeTensors> {
    const made = new Map(reuse.flatMap((index) => this.#outputsKept(index)))
    for (const [index, part] of this.#parts.entries()) {
      await pause(signal)
      if (this.#released) throw new EngineError('the session was released during the run')
      if (!reuse.includes(index))
        for (const [name, value] of Object.entries(await part.run(this.#inputsOf(index, feeds, made)))) made.set(name, value)
      this.#forget(index, made)
    }
    await pause(signal)
    this.#keepFrom(made)
    return Object.fromEntries([...made].filter(([name]) => this.#plan.results.has(name)))
  }

  async release(): Promise<void> {
    this.#released = true
    this.#kept.clear()
    for (const part of this.#parts) await part.release()
  }

  #outputsKept(index: number): [string, NativeTensor][] {
    if (!this.#keep.includes(index))
      throw new EngineError(`part ${index} cannot be reused; the session keeps what parts [${this.#keep.join(', ')}] give`)
    const names = this.#parts[index]!.outputs.filter((name) => this.#plan.kept.has(name))
    return names.map((name) => {
      const value = this.#kept.get(name)
      if (!value) throw new EngineError(`part ${index} cannot be reused before it has run`)
      return [name, value]
    })
  }

  /** Feeds that are missing are left for ONNX Runtime to name. */
  #inputsOf(index: number, feeds: NativeTensors, made: ReadonlyMap<string, NativeTensor>): NativeTensors {
    const inputs: Record<string, NativeTensor> = {}
    for (const name of this.#parts[index]!.inputs) {
      const maker = this.#plan.maker.get(name)
      const value = maker === undefined ? feeds[name] : made.get(name)
      if (value) inputs[name] = value
      else if (maker !== undefined)
        throw new EngineError(`part ${index} needs ${name} of part ${maker}; parts [${this.#keep.join(', ')}] are reused all together`)
    }
    return inputs
  }

  /** Drops what no part after this one reads. */
  #forget(index: number, made: Map<string, NativeTensor>): void {
    for (const [name, value] of made) {
      if (this.#plan.lastReader.get(name) !== index || this.#plan.kept.has(name)) continue
      made.delete(name)
      freeNative(value)
    }
  }

  /** Only at the end of a whole run, so that what is kept is of one run. */
  #keepFrom(made: ReadonlyMap<string, NativeTensor>): void {
    for (const name of this.#plan.kept) {
      const [old, value] = [this.#kept.get(name), made.get(name)!]
      this.#kept.set(name, value)
      if (old && old !== value && !this.#plan.results.has(name)) freeNative(old)
    }
  }
}

async function loadedPart(model: Uint8Array, options: SessionOptions): Promise<Part> {
  const native = await openNative(model, options)
  return {
    inputs: native.inputNames,
    outputs: native.outputNames,
    run: (feeds) => runNative(native, feeds, options.device),
    release: () => native.release(),
  }
}

function streamedPart(model: Uint8Array, options: SessionOptions): Part {
  return {
    ...namesOf(model),
    run: async (feeds) => {
      const native = await openNative(model, options)
      try {
        return await runNative(native, feeds, options.device)
      } finally {
        await native.release()
      }
    },
    release: () => Promise.resolve(),
  }
}

function namesOf(model: Uint8Array): ModelNames {
  try {
    return modelNames(model)
  } catch (cause) {
    throw new EngineError(`the bytes are no ONNX model: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
  }
}

/** Native calls block the event loop; here it can deliver an abort. */
async function pause(signal?: AbortSignal): Promise<void> {
  await nextTurn()
  signal?.throwIfAborted()
}
