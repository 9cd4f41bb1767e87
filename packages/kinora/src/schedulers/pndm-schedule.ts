// The timesteps of a PNDM run, where several evaluations of the model make one step at its start.
// What is done with their outputs is pndm.ts.

import { ArgumentError } from '../errors.ts'
import { type SpacingConfig, spacedTimesteps } from './spacing.ts'

export interface PndmSchedule {
  /** Timestep of every model evaluation. */
  readonly timesteps: readonly number[]
  /** Timesteps at which the Runge-Kutta steps begin; each takes four of the first evaluations. */
  readonly rungeKutta: readonly number[]
  /** Distance that the multistep method takes a timestep's successor to be at. */
  readonly stride: number
}

/** With `skipPrk` `steps` + 1 evaluations (1 for 1), else `steps` + 9. Throws ArgumentError for too few or too many steps. */
export function pndmSchedule(config: SpacingConfig, skipPrk: boolean, steps: number): PndmSchedule {
  const spaced = spacedTimesteps(config, steps)
  const stride = Math.floor(config.num_train_timesteps / steps)
  // The second timestep twice: the first step is taken by an improved Euler method.
  if (skipPrk) return { timesteps: [...spaced.slice(0, 2), ...spaced.slice(1)], rungeKutta: [], stride }
  if (steps < 4)
    throw new ArgumentError(`numInferenceSteps ${steps} must be at least 4 while skip_prk_steps is false; set skip_prk_steps for fewer`)
  const rungeKutta = spaced.slice(0, 3)
  const evaluations = rungeKutta.flatMap((from, i) => {
    const to = spaced[i + 1]!
    const middle = to + Math.floor(stride / 2)
    return [from, middle, middle, to]
  })
  return { timesteps: [...evaluations, ...spaced.slice(3)], rungeKutta, stride }
}
