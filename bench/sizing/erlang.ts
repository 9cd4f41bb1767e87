// The theory that the simulation is held against: requests that come at random (Poisson), service times that are exponential, c
// workers, one line (M/M/c). Erlang, 1917; the recursion for the loss formula keeps every term small.

export interface Line {
  /** Requests a second. */
  readonly rate: number
  /** Seconds of one, on average. */
  readonly service: number
  readonly workers: number
}

/** Probability that a request has to wait; 1 when there are too few workers for the load. */
export function waitProbability({ rate, service, workers }: Line): number {
  const load = rate * service
  if (load >= workers) return 1
  let loss = 1
  for (let n = 1; n <= workers; n++) loss = (load * loss) / (n + load * loss)
  return loss / (1 - (load / workers) * (1 - loss))
}

/** Seconds, over all requests; Infinity when there are too few workers. */
export function meanWait(line: Line): number {
  const { rate, service, workers } = line
  const spare = workers / service - rate
  return spare <= 0 ? Number.POSITIVE_INFINITY : waitProbability(line) / spare
}

/** The wait that a share `part` of all requests stays below. */
export function waitQuantile(line: Line, part: number): number {
  const { rate, service, workers } = line
  const spare = workers / service - rate
  if (spare <= 0) return Number.POSITIVE_INFINITY
  return Math.max(0, Math.log(waitProbability(line) / (1 - part)) / spare)
}
