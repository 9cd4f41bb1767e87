// What becomes of the values that pass between a model's parts: which a run returns, which are kept
// for later runs, and after which part each is forgotten. Names alone; tensors are part-chain.node.ts's.

import { EngineError } from '../errors.ts'
import type { ModelNames } from '../onnx/names.ts'

export interface ChainPlan {
  /** Outputs that no later part reads. */
  readonly results: ReadonlySet<string>
  /** The part that makes each value. */
  readonly maker: ReadonlyMap<string, number>
  /** The last part that reads each value that is not a result. */
  readonly lastReader: ReadonlyMap<string, number>
  /** Outputs of the parts in `keep` that are results or read by parts outside of it. */
  readonly kept: ReadonlySet<string>
}

/** `keep` lists parts that later runs may leave out, all of them together. */
export function planChain(parts: readonly ModelNames[], keep: readonly number[]): ChainPlan {
  const unknown = keep.find((index) => !parts[index])
  if (unknown !== undefined) throw new EngineError(`there is no part ${unknown} to keep; the model has parts 0 to ${parts.length - 1}`)
  const maker = new Map<string, number>()
  const lastReader = new Map<string, number>()
  const kept = new Set<string>()
  for (const [index, { inputs, outputs }] of parts.entries()) {
    for (const name of inputs) {
      const from = maker.get(name)
      if (from === undefined) continue
      lastReader.set(name, index)
      if (keep.includes(from) && !keep.includes(index)) kept.add(name)
    }
    for (const name of outputs) maker.set(name, index)
  }
  const results = new Set([...maker.keys()].filter((name) => !lastReader.has(name)))
  for (const name of results) if (keep.includes(maker.get(name)!)) kept.add(name)
  return { results, maker, lastReader, kept }
}
