// What the browser keeps for who is logged in, over reloads and visits: the form, which video is on the stage. It lies outside of
// the components, so that pages share it, and is forgotten when somebody else logs in.

import { useSyncExternalStore } from 'react'

export interface Kept<T> {
  readonly get: () => T
  readonly set: (value: T) => void
  /** As `get`, in a component that follows it. */
  readonly use: () => T
}

const PREFIX = 'kinora.'
const USER = `${PREFIX}user`
const forgetting = new Set<() => void>()

/** `parse` makes a value of what was kept, which may be of an older version or undefined; `part` says what of a value is kept. */
export function kept<T>(name: string, parse: (stored: unknown) => T, part: (value: T) => unknown = (value) => value): Kept<T> {
  const key = PREFIX + name
  const listeners = new Set<() => void>()
  let value = parse(read(key))
  const change = (next: T) => {
    value = next
    for (const changed of listeners) changed()
  }
  const subscribe = (listener: () => void) => {
    listeners.add(listener)
    return () => void listeners.delete(listener)
  }
  const get = () => value
  forgetting.add(() => {
    write(key, undefined)
    change(parse(undefined))
  })
  return {
    get,
    set(next) {
      write(key, part(next))
      change(next)
    },
    use: () => useSyncExternalStore(subscribe, get),
  }
}

/** Forgets everything when the last time it was another user. */
export function keepFor(user: string): void {
  const before = read(USER)
  if (before === user) return
  if (before !== undefined) for (const forget of forgetting) forget()
  write(USER, user)
}

function read(key: string): unknown {
  try {
    return JSON.parse(localStorage.getItem(key) ?? 'null') ?? undefined
  } catch {
    return undefined
  }
}

function write(key: string, value: unknown): void {
  try {
    if (value === undefined) localStorage.removeItem(key)
    else localStorage.setItem(key, JSON.stringify(value))
  } catch {
    // Without room or leave to store, it lasts as long as the page.
  }
}
