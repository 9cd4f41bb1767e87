// The search of the list of users.

import { expect, test } from 'vitest'
import type { User } from '../api/types.ts'
import { matchingUsers } from './users.ts'

const user = (id: string, name: string): User => ({ id, object: 'user', name, role: 'user', created_at: 0, disabled_at: null, quota: {} })
const USERS = [user('user_a', 'Ann Lee'), user('user_b', 'Bob'), user('user_c', '李雷')]

test.each([
  ['', ['Ann Lee', 'Bob', '李雷']],
  ['  ann', ['Ann Lee']],
  ['lee ann', ['Ann Lee']],
  ['user_b', ['Bob']],
  ['雷', ['李雷']],
  ['ann bob', []],
])('%j finds %j', (search, names) => {
  expect(matchingUsers(USERS, search).map(({ name }) => name)).toEqual(names)
})
