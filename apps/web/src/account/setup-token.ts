// The set-up link's token: the part of the address behind `#`, which browsers send to nobody.

/** Undefined when the address has none. `hash` as of `location`. */
export function setupTokenOf(hash: string): string | undefined {
  const token = hash.replace(/^#/, '').trim()
  return /^[\w-]{1,100}$/.test(token) ? token : undefined
}
