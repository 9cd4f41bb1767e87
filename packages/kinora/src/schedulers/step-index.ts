// Where a run stands in its list of timesteps. Solvers that look back at past steps count their own
// position, because rounded sigma schedules can name one timestep twice.

import { ArgumentError } from '../errors.ts'

export class StepIndex {
  readonly #timesteps: readonly number[]
  #begin: number | undefined
  #current: number | undefined

  constructor(timesteps: readonly number[]) {
    this.#timesteps = timesteps
  }

  /** Sets where the first step is taken. Throws ArgumentError outside the list. */
  begin(index: number): void {
    if (!Number.isInteger(index) || index < 0 || index >= this.#timesteps.length)
      throw new ArgumentError(`begin index ${index} must be a whole number from 0 to ${this.#timesteps.length - 1}`)
    this.#begin = index
  }

  /** Index of the step that is due; `timestep` locates the first one and must be the due one later. */
  at(timestep: number): number {
    this.#current ??= this.#begin ?? this.#find(timestep)
    const due = this.#timesteps[this.#current]
    if (due !== timestep) {
      const expected = due === undefined ? 'the run is over' : `timestep ${due} is due`
      throw new ArgumentError(`step() got timestep ${timestep}, but ${expected}; call setTimesteps() to begin another run`)
    }
    return this.#current
  }

  advance(): void {
    if (this.#current !== undefined) this.#current += 1
  }

  /** Index whose noise level belongs to `timestep`; a run that has begun elsewhere answers with its own position. */
  of(timestep: number): number {
    return this.#begin === undefined ? this.#find(timestep) : (this.#current ?? this.#begin)
  }

  #find(timestep: number): number {
    const first = this.#timesteps.indexOf(timestep)
    if (first < 0)
      throw new ArgumentError(
        this.#timesteps.length === 0
          ? 'call setTimesteps() before step() or addNoise()'
          : `timestep ${timestep} is not one of the run's: ${this.#timesteps.slice(0, 12).join(', ')}`,
      )
    // A run that starts midway at a repeated timestep means its second place; one from the top its first.
    const second = this.#timesteps.indexOf(timestep, first + 1)
    return first > 0 && second > 0 ? second : first
  }
}
