// What a prompt's weights do, as in AUTOMATIC1111's web UI (its modules/sd_emphasis.py, "Original"): each token's state is
// multiplied by its weight, then all by one number that restores the prompt's mean. Chosen over compel's way, which moves
// states away from the empty prompt's: prompts in this notation were tuned with it, and it runs the encoder once.

import type { Tensor } from '../tensor/tensor.ts'
import { tensor } from '../tensor/tensor.ts'
import { LARGEST_WEIGHT } from '../tokenizer/prompt-weights.ts'

/** Room for float32 sums to be a little off. */
const TOLERANCE = 1.001

/** last_hidden_state [B, T, C] and a weight for each of [B][T] -> [B, T, C]; a prompt whose weights are all 1 keeps every bit. */
export function weighTokens(states: Tensor<'float32'>, weights: readonly (readonly number[])[]): Tensor<'float32'> {
  const [, tokens, width] = states.shape as [number, number, number]
  const data = states.data.slice()
  for (const [b, row] of weights.entries()) {
    const prompt = data.subarray(b * tokens * width, (b + 1) * tokens * width) // [T, C]
    if (row.some((weight) => weight !== 1)) weighPrompt(prompt, row, width)
  }
  return tensor('float32', states.shape, data)
}

/** In place, in float32 as the web UI's. */
function weighPrompt(states: Float32Array, weights: readonly number[], width: number): void {
  const before = sum(states)
  for (const [t, weight] of weights.entries()) {
    const factor = Math.fround(weight)
    for (let i = t * width; i < (t + 1) * width; i++) states[i] = states[i]! * factor
  }
  const ratio = Math.fround(before / sum(states))
  if (!isPlausible(ratio, weights)) return
  for (const [i, state] of states.entries()) states[i] = state * ratio
}

/**
 * Weights change the mean of states that all lean to one side by at most the largest weight. A larger change, or one of sign,
 * means that positive and negative states nearly cancel: restoring such a mean would only blow them up, so it is left alone.
 */
function isPlausible(ratio: number, weights: readonly number[]): boolean {
  const factors = weights.map(Math.abs).map((weight) => Math.min(LARGEST_WEIGHT, Math.max(weight, 1 / weight)))
  const largest = Math.max(...factors) * TOLERANCE
  return ratio <= largest && ratio >= 1 / largest
}

function sum(values: Float32Array): number {
  let total = 0
  for (const value of values) total += value
  return total
}
