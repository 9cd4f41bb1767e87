// Where the application stands. Found from the address of its own script, since a proxy may put it under any path.

const script = new URL(import.meta.url)

/** Ends with a slash. Scripts lie one folder below it: `src/` in development, `assets/` when built. */
export const BASE = new URL(script.pathname.replace(/[^/]+\/[^/]*$/, ''), script)

/** Absolute address of a path of the service, `v1/videos` for instance. */
export function addressOf(path: string): string {
  return new URL(path.replace(/^\//, ''), BASE).href
}
