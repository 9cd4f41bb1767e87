// Placeholder types; see the implementation task.
import type { TokenizerFiles } from '../checkpoint/checkpoint.ts'
export type { TokenizerFiles }
