// What follows from a row and its place in the queue, made once however many ask. Rows are never changed, so the object is the state.

import type { Job } from '../queue/take.ts'

/** The same result while row and place are the same. */
export function perState<T>(make: (job: Job, position: number | undefined) => T): (job: Job, position: number | undefined) => T {
  const made = new WeakMap<Job, { readonly position: number | undefined; readonly value: T }>()
  return (job, position) => {
    const known = made.get(job)
    if (known && known.position === position) return known.value
    const value = make(job, position)
    made.set(job, { position, value })
    return value
  }
}
