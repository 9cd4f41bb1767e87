// Why a job stops before its video is there. The reason of its abort signal, so that whoever catches it knows what to do with the row.

/** Its user wants it no more; it is not this worker's any more; this worker ends, and another one may have it. */
export type Why = 'cancelled' | 'lost' | 'returned'

export class Interruption extends Error {
  override readonly name = 'Interruption'
  readonly why: Why

  constructor(why: Why) {
    super(`the job was ${why}`)
    this.why = why
  }
}
