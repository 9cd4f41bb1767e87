// `kinora admin` on an embedded database: by itself, and beside a service that has it. PostgreSQL: accounts/administration.test.ts.

import { existsSync, rmSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { dataFolder } from '../test/support/data-folder.ts'
import { isPassword } from './accounts/passwords.ts'
import { admin } from './admin.ts'
import { configSchema } from './config/config.ts'
import { openDatabase } from './db/open.ts'
import { users } from './db/schema.ts'

const password = 'correct horse battery'
let data: string
beforeAll(async () => {
  data = await dataFolder('admin')
})
afterAll(() => rmSync(data, { recursive: true, force: true }))

test('makes an administrator, and gives a new password', async () => {
  const config = configSchema.parse({ data })
  expect(await admin(config, { name: 'ann', password: 'the first password' })).toEqual({ made: true })
  expect(await admin(config, { name: 'Ann', password })).toEqual({ made: false })
  const database = await openDatabase({ folder: data })
  const all = await database.db.select().from(users)
  const refused = await admin(config, { name: 'ann', password: 'another password' }).catch((error: unknown) => error)
  await database.close()
  expect(refused).toMatchObject({ name: 'ServerError', code: 'data_in_use' })
  expect(all).toMatchObject([{ name: 'ann', role: 'admin' }])
  expect(await isPassword(password, all[0]!.passwordHash)).toBe(true)
})

test('what cannot be a password makes no database', async () => {
  const config = configSchema.parse({ data: path.join(data, 'none') })
  await expect(admin(config, { name: 'ann', password: 'short' })).rejects.toThrow('8 to 256 characters')
  expect(existsSync(config.data)).toBe(false)
})
