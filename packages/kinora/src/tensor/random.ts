// Placeholder types; see the implementation task.
import type { DType, Tensor } from './tensor.ts'
export interface Generator {
  readonly seed: bigint
}
export declare function randn(shape: readonly number[], generator: Generator, dtype?: DType): Tensor
