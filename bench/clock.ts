// Seconds since a reading of performance.now(), which counts in milliseconds.

export function elapsed(since: number): number {
  return (performance.now() - since) / 1000
}
