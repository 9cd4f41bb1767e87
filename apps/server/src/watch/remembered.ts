// One value that is costly to find, for a while.

export interface Remembered<V> {
  get(): Promise<V>
  /** The next `get` finds it anew. */
  outdate(): void
}

/** Callers share what one of them started; a failure is not kept. */
export function remembered<V>(ms: number, find: () => Promise<V>): Remembered<V> {
  let known: { readonly value: Promise<V>; readonly until: number } | undefined
  return {
    get() {
      if (known && known.until > performance.now()) return known.value
      const value = find()
      const current = { value, until: performance.now() + ms }
      known = current
      value.catch(() => {
        if (known === current) known = undefined
      })
      return value
    },
    outdate() {
      known = undefined
    },
  }
}
