// Finding users in their list.

import type { User } from '../api/types.ts'

/** Every word occurs in the name, whatever the case, or begins the id. */
export function matchingUsers(users: readonly User[], search: string): readonly User[] {
  const words = search.normalize('NFC').toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return users
  return users.filter(({ name, id }) => {
    const lower = name.toLowerCase()
    return words.every((word) => lower.includes(word) || id.toLowerCase().startsWith(word))
  })
}
