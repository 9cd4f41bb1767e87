// Opening and closing the database, and what becomes of a lost connection: PGlite, and PostgreSQL where it is installed.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { sql } from 'drizzle-orm'
import { afterAll, describe, expect, test } from 'vitest'
import { startPostgres } from '../../test/support/postgres.ts'
import { openDatabase } from './open.ts'
import { facts } from './schema.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'kinora-open-'))
const postgres = await startPostgres()
afterAll(async () => {
  await postgres?.stop()
  rmSync(folder, { recursive: true, force: true })
})

test('PGlite: rows outlive the process that wrote them, and closing twice is once', async () => {
  const first = await openDatabase({ folder })
  await first.db.insert(facts).values({ name: 'a', value: 'b' })
  await expect(openDatabase({ folder })).rejects.toMatchObject({ code: 'data_in_use' })
  await Promise.all([first.close(), first.close()])
  await first.close()
  const second = await openDatabase({ folder })
  expect(await second.db.select().from(facts)).toEqual([{ name: 'a', value: 'b' }])
  await second.close()
})

describe.skipIf(!postgres)('PostgreSQL', () => {
  test('several processes may start at once on an empty database', async () => {
    const url = await postgres!.createDatabase()
    const opened = await Promise.all(Array.from({ length: 5 }, () => openDatabase({ url, folder })))
    await opened[0]!.db.insert(facts).values({ name: 'a', value: 'b' })
    expect(await opened[4]!.db.select().from(facts)).toHaveLength(1)
    for (const database of opened) await Promise.all([database.close(), database.close()])
  })

  test('lost connections are made anew, and those who listen are told', async () => {
    const database = await openDatabase({ url: await postgres!.createDatabase(), folder })
    const [heard, regained]: string[][] = [[], []]
    const stop = await database.listen(
      'news',
      (word) => heard!.push(word),
      () => regained!.push('again'),
    )
    const say = (word: string) => database.db.execute(sql`select pg_notify('news', ${word})`)
    await say('before')
    await expect.poll(() => heard).toEqual(['before'])
    await postgres!.dropConnections()
    await expect.poll(() => regained).toEqual(['again'])
    // The pool may still hold a connection of which it does not know yet; the next one works.
    await say('after').catch(() => say('after'))
    await expect.poll(() => heard).toEqual(['before', 'after'])
    await stop()
    await database.close()
  })

  test('a connection lost in the middle of a transaction fails that transaction, not the process', async () => {
    const database = await openDatabase({ url: await postgres!.createDatabase(), folder })
    const begun = Promise.withResolvers<void>()
    const dropped = Promise.withResolvers<void>()
    const transaction = database.db.transaction(async (tx) => {
      await tx.execute(sql`select 1`)
      begun.resolve()
      await dropped.promise
      await tx.execute(sql`select 1`)
    })
    await begun.promise
    await postgres!.dropConnections()
    setTimeout(dropped.resolve, 200) // the connection hears of it while nobody waits for an answer of it
    await expect(transaction).rejects.toThrow()
    await expect(database.db.execute(sql`select 1`)).resolves.toBeDefined()
    await database.close()
  })

  test('one that cannot be used is told with its place and without its password', async () => {
    const refused = openDatabase({ url: 'postgres://kinora:geheim@127.0.0.1:1/videos', folder })
    await expect(refused).rejects.toThrow('cannot use the database videos at 127.0.0.1: connect ECONNREFUSED')
    await expect(refused).rejects.not.toThrow('geheim')
    const missing = openDatabase({ url: `${postgres!.url}_none`, folder })
    await expect(missing).rejects.toMatchObject({
      name: 'ServerError',
      code: 'database_unavailable',
      message: expect.stringContaining('does not exist') as string,
    })
  })
})
