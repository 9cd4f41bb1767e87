// Keys, users and the first administrator over HTTP, also when several ask for the same at once.

import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { accountsEverywhere, configOf, outcome, PASSWORD } from '../../test/support/accounts.ts'
import { apiKeys, audit, facts, loginFailures, sessions, users, videos, workers } from '../db/schema.ts'
import { sha256 } from '../ids.ts'
import { appoint } from './appoint.ts'
import { prepareAccounts } from './prepare.ts'
import { purgeAccounts } from './purge.ts'
import { quotaOf } from './quota.ts'

const { places, close } = await accountsEverywhere()
afterAll(close)

describe.each(places)('%s', (_, { app, build, db, idOf, actions, logIn, makeKey, nobody, sender, reset }) => {
  beforeEach(reset)

  describe('keys', () => {
    test('are shown once, stored as a digest, and bound to their scopes', async () => {
      const ann = await logIn('ann')
      const read = await makeKey(ann, ['videos:read'])
      expect(read.key).toMatch(/^kinora_[\w-]{43}$/)
      const listed = await ann('GET', '/v1/keys')
      expect(listed.json().data).toEqual([
        {
          id: read.id,
          object: 'api_key',
          name: 'test',
          start: read.key.slice(0, 13),
          scopes: ['videos:read'],
          created_at: expect.any(Number),
          expires_at: null,
          used_at: null,
        },
      ])
      const [row] = await db.select().from(apiKeys)
      expect(row!.keyHash).toBe(sha256(read.key))
      expect(JSON.stringify(row)).not.toContain(read.key)
      expect((await read('GET', '/try/videos:read')).json()).toEqual({ name: 'ann', role: 'user', still: true })
      expect((await read('GET', '/try/signed-in')).statusCode).toBe(200)
      expect(outcome(await read('GET', '/try/videos:write'))).toEqual([403, 'missing_scope'])
      expect((await ann('GET', '/v1/keys')).json().data[0].used_at).toEqual(expect.any(Number))
    })

    test('end when they are revoked, which only their owner can', async () => {
      const [ann, bob] = [await logIn('ann'), await logIn('bob')]
      const key = await makeKey(ann, ['videos:read'])
      expect((await key('GET', '/try/videos:read')).statusCode).toBe(200)
      expect(outcome(await bob('DELETE', `/v1/keys/${key.id}`))).toEqual([404, 'key_not_found'])
      expect((await ann('DELETE', `/v1/keys/${key.id}`)).json()).toEqual({ id: key.id, object: 'api_key.deleted', deleted: true })
      expect(outcome(await key('GET', '/try/videos:read'))).toEqual([401, 'invalid_api_key'])
      expect(outcome(await ann('DELETE', `/v1/keys/${key.id}`))).toEqual([404, 'key_not_found'])
      expect((await ann('GET', '/v1/keys')).json().data).toEqual([])
      expect(await actions()).toEqual(expect.arrayContaining(['key_created', 'key_revoked']))
    })

    test('expire', async () => {
      const ann = await logIn('ann')
      const inSeconds = (seconds: number) => ({ expires_at: Math.floor(Date.now() / 1000) + seconds })
      expect((await ann('POST', '/v1/keys', { name: 'old', ...inSeconds(-10) })).statusCode).toBe(400)
      const key = await makeKey(ann, ['videos:read'], inSeconds(60))
      expect((await key('GET', '/try/videos:read')).statusCode).toBe(200)
      await db.update(apiKeys).set({ expiresAt: sql`now()` })
      app.credentials.forget(await idOf('ann'))
      expect(outcome(await key('GET', '/try/videos:read'))).toEqual([401, 'invalid_api_key'])
    })

    test('do not make keys or change the account', async () => {
      const key = await makeKey(await logIn('root'), ['videos:read', 'videos:write', 'admin'])
      for (const [method, url_, body] of [
        ['GET', '/v1/keys'],
        ['POST', '/v1/keys', { name: 'more' }],
        ['DELETE', `/v1/keys/${key.id}`],
        ['PUT', '/v1/account/password', { current_password: PASSWORD, new_password: 'another password' }],
      ] as const)
        expect(outcome(await key(method, url_, body))).toEqual([403, 'session_required'])
    })

    test('have the scope admin only of administrators, and are users without it', async () => {
      const [ann, root] = [await logIn('ann'), await logIn('root')]
      expect(outcome(await ann('POST', '/v1/keys', { name: 'x', scopes: ['admin'] }))).toEqual([403, 'not_administrator'])
      const [plain, full] = [await makeKey(root, ['videos:read']), await makeKey(root, ['admin'])]
      expect((await plain('GET', '/try/videos:read')).json()).toMatchObject({ role: 'user' })
      expect((await full('GET', '/try/admin')).json()).toMatchObject({ role: 'admin' })
      expect(outcome(await full('GET', '/try/videos:read'))).toEqual([403, 'missing_scope'])
      const id = await idOf('root')
      await logIn('root')
      await root('POST', '/v1/admin/users', { name: 'second', password: PASSWORD, role: 'admin' })
      await root('PATCH', `/v1/admin/users/${id}`, { role: 'user' })
      expect(outcome(await full('GET', '/try/admin'))).toEqual([403, 'missing_scope'])
    })

    test('are at most 100 of an account, however many are asked for at once', async () => {
      const ann = await logIn('ann')
      const userId = await idOf('ann')
      await db
        .insert(apiKeys)
        .values(Array.from({ length: 98 }, (_each, i) => ({ id: `key_${i}`, userId, name: 'x', keyHash: `${i}`, start: '', scopes: [] })))
      const statuses = await Promise.all(Array.from({ length: 6 }, async () => (await ann('POST', '/v1/keys', { name: 'y' })).statusCode))
      expect(statuses.toSorted((a, b) => a - b)).toEqual([201, 201, 409, 409, 409, 409])
    })
  })

  describe('administration', () => {
    test('makes, changes and removes users', async () => {
      const root = await logIn('root')
      const made = await root('POST', '/v1/admin/users', { name: 'Zoë', password: PASSWORD, quota: { queued: 2, work_per_day: null } })
      expect(made.json()).toEqual({
        id: expect.stringMatching(/^user_/),
        object: 'user',
        name: 'Zoë',
        role: 'user',
        created_at: expect.any(Number),
        disabled_at: null,
        quota: { queued: 2, work_per_day: null },
      })
      const { id } = made.json<{ id: string }>()
      const bounds = configOf({ quota: { queued: 9, perDay: 5, workPerDay: 7 } })
      expect(await quotaOf(db, bounds, id)).toEqual({ queued: 2, perDay: 5, workPerDay: null })
      await logIn('zoë')
      expect(outcome(await root('POST', '/v1/admin/users', { name: 'ROOT', password: PASSWORD }))).toEqual([409, 'name_taken'])
      const changed = await root('PATCH', `/v1/admin/users/${id}`, { quota: { per_day: 1 }, role: 'admin' })
      expect(changed.json()).toMatchObject({ role: 'admin', quota: { per_day: 1 } })
      expect(await quotaOf(db, bounds, id)).toEqual({ queued: 9, perDay: 1, workPerDay: 7 })
      expect((await root('GET', `/v1/admin/users/${id}`)).json()).toEqual(changed.json())
      expect((await root('DELETE', `/v1/admin/users/${id}`)).json()).toEqual({ id, object: 'user.deleted', deleted: true })
      for (const method of ['GET', 'PATCH', 'DELETE'] as const)
        expect(outcome(await root(method, `/v1/admin/users/${id}`, method === 'PATCH' ? {} : undefined))).toEqual([404, 'user_not_found'])
      expect(JSON.stringify(await db.select().from(audit))).not.toContain(PASSWORD)
      expect(await actions()).toEqual(expect.arrayContaining(['user_created', 'user_changed', 'user_removed']))
    })

    test('names are visible, and not too long', async () => {
      const root = await logIn('root')
      for (const name of ['', ' ann', 'ann ', 'a\nb', 'a\u202eb', 'a\u0000b', '\ud800', 'x'.repeat(65)])
        expect((await root('POST', '/v1/admin/users', { name, password: PASSWORD })).statusCode, JSON.stringify(name)).toBe(400)
      for (const name of ['x', '熊猫', '🐼'.repeat(64), 'Ann Lee'])
        expect((await root('POST', '/v1/admin/users', { name, password: PASSWORD })).statusCode, name).toBe(201)
    })

    test('lists users by name, page by page', async () => {
      const root = await logIn('root')
      const first = await root('GET', '/v1/admin/users?limit=2')
      expect(first.json()).toMatchObject({ data: [{ name: 'ann' }, { name: 'bob' }], has_more: true, last_id: await idOf('bob') })
      const second = await root('GET', `/v1/admin/users?limit=2&after=${first.json().last_id}`)
      expect(second.json()).toMatchObject({ data: [{ name: 'root' }], has_more: false })
      expect(second.json().data).toHaveLength(1)
    })

    test('disabling ends sessions and keys at once, for good, in every process', async () => {
      const other = await build(configOf())
      const [ann, root] = [await logIn('ann'), await logIn('root')]
      const key = await makeKey(ann, ['videos:read'])
      const remote = sender({ authorization: `Bearer ${key.key}` }, other)
      for (const each of [ann, key, remote]) expect((await each('GET', '/try/videos:read')).statusCode).toBe(200)
      const id = await idOf('ann')
      expect((await root('PATCH', `/v1/admin/users/${id}`, { disabled: true })).json().disabled_at).toEqual(expect.any(Number))
      for (const each of [ann, key]) expect((await each('GET', '/try/videos:read')).statusCode).toBe(401)
      await expect.poll(async () => (await remote('GET', '/try/videos:read')).statusCode, { timeout: 2000 }).toBe(401)
      expect((await nobody('POST', '/v1/session', { name: 'ann', password: PASSWORD })).statusCode).toBe(401)
      expect((await root('PATCH', `/v1/admin/users/${id}`, { disabled: false })).json().disabled_at).toBeNull()
      for (const each of [ann, key]) expect((await each('GET', '/try/videos:read')).statusCode).toBe(401)
      await logIn('ann')
    })

    test('a password that an administrator sets ends all sessions', async () => {
      const [ann, root] = [await logIn('ann'), await logIn('root')]
      await ann('GET', '/try/signed-in')
      await root('PATCH', `/v1/admin/users/${await idOf('ann')}`, { password: 'another password' })
      expect((await ann('GET', '/try/signed-in')).statusCode).toBe(401)
      await logIn('ann', 'another password')
    })

    test('the last administrator stays one', async () => {
      const root = await logIn('root')
      const id = await idOf('root')
      for (const change of [{ role: 'user' }, { disabled: true }])
        expect(outcome(await root('PATCH', `/v1/admin/users/${id}`, change))).toEqual([409, 'last_administrator'])
      expect(outcome(await root('DELETE', `/v1/admin/users/${id}`))).toEqual([409, 'last_administrator'])
      expect((await root('GET', '/try/admin')).statusCode).toBe(200)
    })

    test('of administrators who end one another at the same time, one stays', async () => {
      const root = await logIn('root')
      const ids = [await idOf('root')]
      for (const name of ['adm1', 'adm2', 'adm3'])
        ids.push((await root('POST', '/v1/admin/users', { name, password: PASSWORD, role: 'admin' })).json<{ id: string }>().id)
      const all = await Promise.all(['root', 'adm1', 'adm2', 'adm3'].map((name) => logIn(name)))
      await Promise.all(all.map((send) => send('GET', '/try/admin')))
      const answers = await Promise.all(
        all.map((send, i) =>
          i % 2
            ? send('DELETE', `/v1/admin/users/${ids[(i + 1) % 4]}`)
            : send('PATCH', `/v1/admin/users/${ids[(i + 1) % 4]}`, { role: 'user' }),
        ),
      )
      expect(answers.map(({ statusCode }) => statusCode).filter((status) => status === 409)).toHaveLength(1)
      const left = await db.select().from(users).where(eq(users.role, 'admin'))
      expect(left).toHaveLength(1)
    })

    test('shows the keys of all users, the last used first, and ends any at once', async () => {
      const [ann, bob, root] = [await logIn('ann'), await logIn('bob'), await logIn('root')]
      const [first, second, unused] = [
        await makeKey(ann, ['videos:read']),
        await makeKey(bob, ['videos:read']),
        await makeKey(ann, ['videos:write']),
      ]
      await db
        .update(apiKeys)
        .set({ usedAt: new Date(1_700_000_000_000) })
        .where(eq(apiKeys.id, first.id))
      await second('GET', '/try/videos:read')
      const listed = async () => (await root('GET', '/v1/admin/keys')).json<{ data: { id: string }[] }>().data
      expect(await listed()).toMatchObject([
        { id: second.id, object: 'api_key', user: { id: await idOf('bob'), name: 'bob' } },
        { id: first.id, used_at: 1_700_000_000, user: { name: 'ann' } },
        { id: unused.id, used_at: null },
      ])
      expect(JSON.stringify(await listed())).not.toContain((await db.select().from(apiKeys))[0]!.keyHash)
      expect((await root('DELETE', `/v1/admin/keys/${second.id}`)).json()).toEqual({
        id: second.id,
        object: 'api_key.deleted',
        deleted: true,
      })
      expect(outcome(await second('GET', '/try/videos:read'))).toEqual([401, 'invalid_api_key'])
      expect(outcome(await root('DELETE', `/v1/admin/keys/${second.id}`))).toEqual([404, 'key_not_found'])
      expect((await listed()).map(({ id }) => id)).toEqual([first.id, unused.id])
      const [entry] = (await root('GET', '/v1/admin/audit?action=key_revoked')).json().data
      expect(entry).toMatchObject({
        user: await idOf('root'),
        target: second.id,
        details: { user: await idOf('bob') },
        address: '127.0.0.1',
      })
    })

    test('shows the audit log, newest first', async () => {
      const root = await logIn('root')
      await nobody('POST', '/v1/session', { name: 'ann', password: 'wrong password' })
      const [newest, next] = (await root('GET', '/v1/admin/audit?limit=2')).json().data
      expect(newest).toMatchObject({ user: null, action: 'login_failed', target: await idOf('ann'), address: '127.0.0.1' })
      expect(next).toMatchObject({ user: await idOf('root'), action: 'login', address: '10.0.0.1' })
      const page = await root('GET', `/v1/admin/audit?before=${newest.id}&action=login&user=${next.user}`)
      expect(page.json()).toEqual({ object: 'list', data: [next], has_more: false })
    })

    test('shows workers and what videos take', async () => {
      const root = await logIn('root')
      const ann = await idOf('ann')
      await db.insert(workers).values({ id: 'w1', name: 'here', device: 'cpu', models: ['demo'], memoryBytes: 2 ** 33 })
      await db.insert(workers).values({ id: 'w2', name: 'gone', device: 'cpu', models: [], heardAt: new Date(0) })
      const file = { key: 'k', bytes: 3_000_000_000, mediaType: 'video/mp4', digest: 'd' }
      const row = { userId: ann, model: 'demo', request: {} as never, position: 1 }
      await db.insert(videos).values([
        { ...row, id: 'v1', status: 'completed', files: { video: file, thumbnail: { ...file, bytes: 5 } } },
        { ...row, id: 'v2', status: 'in_progress', workerId: 'w1' },
      ])
      const listed = (await root('GET', '/v1/admin/workers')).json().data
      expect(listed).toMatchObject([
        { id: 'w1', alive: true, running: 1, memory_bytes: 2 ** 33, models: ['demo'] },
        { id: 'w2', alive: false, running: 0, memory_bytes: null },
      ])
      const figures = { videos: 2, completed: 1, bytes: 3_000_000_005 }
      expect((await root('GET', '/v1/admin/storage')).json()).toEqual({
        object: 'storage',
        ...figures,
        users: [{ id: ann, name: 'ann', ...figures }],
      })
    })

    test('is not for users', async () => {
      const ann = await logIn('ann')
      for (const path_ of ['users', 'keys', 'audit', 'workers', 'storage'])
        expect(outcome(await ann('GET', `/v1/admin/${path_}`))).toEqual([403, 'not_administrator'])
    })
  })

  describe('the first start', () => {
    const prepare = (settings: Record<string, unknown> = {}) => prepareAccounts({ config: configOf(settings), db: db })

    test('prints a link that makes one administrator, once, whoever is at it at the same time', async () => {
      await db.delete(users)
      const old = (await prepare()).setupLink!
      const link = (await prepare({ publicUrl: 'https://videos.example/' })).setupLink!
      expect(link).toMatch(/^https:\/\/videos\.example\/setup#[\w-]{43}$/)
      expect((await nobody('GET', '/v1/session')).json()).toMatchObject({ setup_required: true })
      const setUp = (token: string, name = 'boss') => nobody('POST', '/v1/setup', { token: token.split('#')[1], name, password: PASSWORD })
      expect(outcome(await setUp(old))).toEqual([403, 'setup_link_used'])
      expect(outcome(await setUp('#guess'))).toEqual([403, 'setup_link_used'])
      const answers = await Promise.all(['boss', 'boss2', 'boss3', 'boss4'].map((name) => setUp(link, name)))
      expect(answers.map(({ statusCode }) => statusCode).toSorted((a, b) => a - b)).toEqual([201, 403, 403, 403])
      expect(await db.select().from(users)).toMatchObject([{ role: 'admin' }])
      expect(await db.select().from(facts)).toEqual([])
      const cookie = String(answers.find(({ statusCode }) => statusCode === 201)!.headers['set-cookie']).split(';')[0]!
      expect((await sender({ cookie })('GET', '/try/admin')).statusCode).toBe(200)
      expect(await prepare()).toEqual({})
      expect((await nobody('GET', '/v1/session')).json()).toMatchObject({ setup_required: false })
    })

    test('a link whose wish is refused stays good', async () => {
      await db.delete(users).where(eq(users.name, 'root'))
      const token = (await prepare()).setupLink!.split('#')[1]
      expect(outcome(await nobody('POST', '/v1/setup', { token, name: 'Ann', password: PASSWORD }))).toEqual([409, 'name_taken'])
      expect((await nobody('POST', '/v1/setup', { token, name: 'boss', password: PASSWORD })).statusCode).toBe(201)
    })

    test('makes the administrator that the settings name, and leaves an existing one alone', async () => {
      const settings = { adminUser: 'Chief', adminPassword: 'a long password' }
      expect(await prepare(settings)).toEqual({})
      expect(await db.$count(users)).toBe(3)
      await db.delete(users).where(eq(users.name, 'root'))
      await prepare()
      await Promise.all([prepare(settings), prepare(settings)])
      await logIn('chief', 'a long password')
      await prepare({ ...settings, adminPassword: 'not this one' })
      await logIn('chief', 'a long password')
      expect(await db.select().from(facts)).toEqual([])
      await expect(prepare({ adminUser: 'chief', adminPassword: 'short' })).rejects.toThrow(/adminPassword, 8 to 256/)
      await expect(prepare({ adminUser: 'chief' })).rejects.toThrow(/both adminUser/)
    })
  })

  describe('an administrator who is appointed on the machine', () => {
    const password = 'a long password'

    test('is made where there is none, and the set-up link ends', async () => {
      await db.delete(users).where(eq(users.name, 'root'))
      const token = (await prepareAccounts({ config: configOf(), db })).setupLink!.split('#')[1]
      expect(await appoint(db, { name: 'Chief', password })).toEqual({ made: true })
      expect(outcome(await nobody('POST', '/v1/setup', { token, name: 'boss', password: PASSWORD }))).toEqual([403, 'setup_link_used'])
      expect((await (await logIn('chief', password))('GET', '/try/admin')).statusCode).toBe(200)
      expect(await actions()).toContain('user_created')
    })

    test('may have been a user, a disabled one too: logs in anew, at once, however often it failed before', async () => {
      const [root, ann] = [await logIn('root'), await logIn('ann')]
      const id = await idOf('ann')
      await root('PATCH', `/v1/admin/users/${id}`, { disabled: true })
      await db.insert(loginFailures).values({ subject: 'account:ann', count: 50 })
      expect(await appoint(db, { name: 'ANN', password })).toEqual({ made: false })
      app.credentials.forget(id)
      expect((await ann('GET', '/try/signed-in')).statusCode).toBe(401)
      expect((await (await logIn('ann', password))('GET', '/try/admin')).statusCode).toBe(200)
      expect((await db.select().from(audit).orderBy(audit.id)).findLast(({ action }) => action === 'user_changed')).toMatchObject({
        userId: null,
        target: id,
        details: { role: 'admin', disabled: false, password: true },
      })
      expect(JSON.stringify(await db.select().from(audit))).not.toContain(password)
    })

    test('has a name and a password as every user', async () => {
      for (const name of ['', ' ann', 'a\nb']) await expect(appoint(db, { name, password })).rejects.toThrow(/the name of an administrator/)
      for (const wrong of ['', 'short', 'x'.repeat(257)])
        await expect(appoint(db, { name: 'chief', password: wrong })).rejects.toThrow(/8 to 256 characters/)
      expect(await db.$count(users)).toBe(3)
    })
  })

  test('what is of no more use goes', async () => {
    const ann = await logIn('ann')
    const [kept, gone] = [await makeKey(ann, ['videos:read']), await makeKey(ann, ['videos:read'])]
    await logIn('bob')
    await db
      .update(sessions)
      .set({ expiresAt: sql`now()` })
      .where(eq(sessions.userId, await idOf('bob')))
    await db.update(apiKeys).set({ revokedAt: sql`now() - interval '31 days'` }).where(eq(apiKeys.id, gone.id))
    await db.insert(loginFailures).values([{ subject: 'old', count: 9, lastAt: new Date(0) }])
    await db.insert(audit).values({ action: 'old', userId: null, at: new Date(0) })
    await purgeAccounts(db)
    expect((await db.select().from(apiKeys)).map(({ id }) => id)).toEqual([kept.id])
    expect(await db.$count(sessions)).toBe(1)
    expect(await db.select().from(loginFailures).where(eq(loginFailures.subject, 'old'))).toEqual([])
    expect(await actions()).not.toContain('old')
  })
})
