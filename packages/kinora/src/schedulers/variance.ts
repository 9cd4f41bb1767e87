// The config key `variance_type`: which variance a DDPM step has. Classes that integrate a differential
// equation ignore the fixed ones, which configs of DDPM carry to them.

import { UnsupportedConfigError } from '../errors.ts'
import { type Field, oneOf } from './config.ts'

const fixed = oneOf(['fixed_small', 'fixed_small_log', 'fixed_large', 'fixed_large_log'], 'fixed_small')
export type Variance = typeof fixed.fallback

/** The field with a class's own default. Throws UnsupportedConfigError for a learned variance: it needs a model that predicts it. */
export function varianceField<T extends Variance | null>(fallback: T): Field<T | Variance> {
  const read = (value: unknown, key: string): Variance => {
    if (value === 'learned' || value === 'learned_range')
      throw new UnsupportedConfigError(
        `scheduler config ${key} = "${value}" is not supported: no model here predicts variances; leave it out`,
      )
    return fixed.read(value, key)
  }
  return { fallback, read }
}
