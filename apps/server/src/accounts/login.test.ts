// Logging in over HTTP: sessions, what another site or a guesser tries, passwords, and what is remembered of who asks.

import { eq, sql } from 'drizzle-orm'
import fastify from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { accountsEverywhere, configOf, outcome, PASSWORD } from '../../test/support/accounts.ts'
import { apiKeys, audit, loginFailures, sessions, users } from '../db/schema.ts'
import { sha256 } from '../ids.ts'
import { authentication } from './authenticate.ts'
import { createCredentials } from './credentials.ts'
import { prepareAccounts } from './prepare.ts'

const { places, close } = await accountsEverywhere()
afterAll(close)

describe.each(places)('%s', (_, { build, db, listen, idOf, actions, logIn, makeKey, nobody, passwordHash, sender, reset }) => {
  beforeEach(reset)

  describe('sessions', () => {
    test('a log-in sets a cookie that scripts cannot read, and answers nothing secret', async () => {
      const answer = await nobody('POST', '/v1/session', { name: 'ANN', password: PASSWORD })
      expect(answer.statusCode).toBe(201)
      const cookie = String(answer.headers['set-cookie'])
      expect(cookie).toMatch(/^kinora_session=[\w-]{43}; Max-Age=1209600; Path=\/; HttpOnly; SameSite=Lax$/)
      expect(answer.json()).toEqual({
        object: 'session',
        user: { id: await idOf('ann'), name: 'ann', role: 'user' },
        csrf_token: expect.stringMatching(/^[0-9a-f]{64}$/),
      })
      const token = cookie.slice('kinora_session='.length, cookie.indexOf(';'))
      const [row] = await db.select().from(sessions)
      expect(row).toMatchObject({ tokenHash: sha256(token), address: '127.0.0.1' })
      expect(JSON.stringify(row)).not.toContain(token)
      expect(await actions()).toContain('login')
    })

    test('is Secure where browsers come by https', async () => {
      const secure = await build(configOf({ publicUrl: 'https://videos.example' }))
      const answer = await sender({}, secure)('POST', '/v1/session', { name: 'ann', password: PASSWORD })
      expect(String(answer.headers['set-cookie'])).toContain('; Secure')
    })

    test('says who asks', async () => {
      expect((await nobody('GET', '/v1/session')).json()).toEqual({
        object: 'session',
        user: null,
        csrf_token: null,
        setup_required: false,
      })
      const ann = await logIn('ann')
      expect((await ann('GET', '/v1/session')).json()).toEqual({
        object: 'session',
        user: { id: await idOf('ann'), name: 'ann', role: 'user', via: 'session', scopes: ['videos:read', 'videos:write'] },
        csrf_token: ann.csrf,
        setup_required: false,
      })
    })

    test('ends with logging out, with its time, and with another log-in of the same browser', async () => {
      const ann = await logIn('ann')
      const out = await ann('DELETE', '/v1/session')
      expect([out.statusCode, String(out.headers['set-cookie'])]).toEqual([200, expect.stringContaining('kinora_session=; Max-Age=0')])
      expect(outcome(await ann('GET', '/try/signed-in'))).toEqual([401, 'session_ended'])
      expect((await ann('GET', '/try/public')).json()).toMatchObject({ name: null })

      const late = await logIn('ann')
      await db.update(sessions).set({ expiresAt: sql`now() - interval '1 second'` })
      expect(outcome(await late('GET', '/try/signed-in'))).toEqual([401, 'session_ended'])

      const first = await logIn('ann')
      expect((await first('POST', '/v1/session', { name: 'ann', password: PASSWORD })).statusCode).toBe(201)
      expect(outcome(await first('GET', '/try/signed-in'))).toEqual([401, 'session_ended'])
    })

    test('one that expires within the time that it is remembered for ends in time', async () => {
      const ann = await logIn('ann')
      await db.update(sessions).set({ expiresAt: sql`now() + interval '0.4 seconds'` })
      expect((await ann('GET', '/try/signed-in')).statusCode).toBe(200)
      await new Promise((resolve) => setTimeout(resolve, 500))
      expect((await ann('GET', '/try/signed-in')).statusCode).toBe(401)
    })

    test('a forged cookie is nobody', async () => {
      const values = ['', 'forged', 'A'.repeat(43), `${'A'.repeat(43)}; kinora_session=x`, '%00%ff', 'x'.repeat(10_000)]
      for (const cookie of [...values.map((value) => `kinora_session=${value}`), '=;;=', ';', 'not_kinora_session=1']) {
        const send = sender({ cookie })
        expect((await send('GET', '/try/signed-in')).statusCode, cookie).toBe(401)
        expect((await send('GET', '/try/public')).json(), cookie).toMatchObject({ name: null })
      }
    })
  })

  describe('changes by a session', () => {
    test('need its CSRF token', async () => {
      const [ann, bob] = [await logIn('ann'), await logIn('bob')]
      const bare = sender({ cookie: ann.cookie })
      expect((await bare('GET', '/try/signed-in')).statusCode).toBe(200)
      for (const token of [{}, { 'x-csrf-token': '' }, { 'x-csrf-token': bob.csrf }, { 'x-csrf-token': `${ann.csrf.slice(1)}0` }])
        expect(outcome(await bare('POST', '/try/signed-in', {}, token as Record<string, string>))).toEqual([403, 'csrf_token'])
      expect((await ann('POST', '/try/signed-in', {})).statusCode).toBe(200)
    })

    test('a key needs none, and counts before a cookie', async () => {
      const ann = await logIn('ann')
      const key = await makeKey(await logIn('bob'), ['videos:write'])
      const both = await key('POST', '/try/videos:write', {}, { cookie: ann.cookie })
      expect(both.json()).toMatchObject({ name: 'bob' })
      expect(outcome(await ann('GET', '/try/signed-in', undefined, { authorization: 'Bearer wrong' }))).toEqual([401, 'invalid_api_key'])
      expect((await ann('GET', '/try/signed-in', undefined, { authorization: 'Basic abc' })).statusCode).toBe(200)
    })

    test('logging in from another site is refused', async () => {
      const others: Record<string, string>[] = [
        { origin: 'https://evil.example' },
        { origin: 'null' },
        { origin: 'http://localhost:3000' },
        { 'sec-fetch-site': 'cross-site' },
        { 'sec-fetch-site': 'same-site', origin: 'http://localhost:3000' },
      ]
      for (const headers of others)
        expect(outcome(await nobody('POST', '/v1/session', { name: 'ann', password: PASSWORD }, headers))).toEqual([403, 'cross_site'])
      expect(await db.$count(loginFailures)).toBe(0)
    })

    test('logging in from the own page is not', async () => {
      for (const headers of [{ origin: 'http://localhost' }, { 'sec-fetch-site': 'same-origin', origin: 'https://videos.example' }])
        expect((await nobody('POST', '/v1/session', { name: 'ann', password: PASSWORD }, headers)).statusCode).toBe(201)
    })
  })

  describe('guessing', () => {
    test('is answered alike, in the same time, whether or not the account exists', async () => {
      await db.update(users).set({ disabledAt: sql`now()` }).where(eq(users.name, 'bob'))
      const times: Record<string, number[]> = { ann: [], nobody: [], bob: [] }
      const bodies = new Set<string>()
      for (let round = 0; round < 5; round++)
        for (const [name, password] of [
          ['ann', 'wrong password'],
          ['nobody', 'wrong password'],
          ['bob', PASSWORD],
        ] as const) {
          await db.delete(loginFailures)
          const start = performance.now()
          const answer = await nobody('POST', '/v1/session', { name, password })
          times[name]!.push(performance.now() - start)
          expect(answer.statusCode).toBe(401)
          expect(answer.headers['set-cookie']).toBeUndefined()
          bodies.add(answer.body)
        }
      expect(bodies.size).toBe(1)
      const [ann, none, bob] = ['ann', 'nobody', 'bob'].map((name) => times[name]!.toSorted((a, b) => a - b)[2]!)
      for (const other of [none!, bob!]) {
        expect(other / ann!).toBeGreaterThan(0.3)
        expect(other / ann!).toBeLessThan(3)
      }
      const failed = await db.select().from(audit).where(eq(audit.action, 'login_failed'))
      expect(failed).toHaveLength(15)
      expect(failed.every(({ userId }) => userId === null)).toBe(true)
      expect(JSON.stringify(failed)).not.toMatch(/wrong password|nobody/)
    })

    test.each(['ann', 'Nobody'])('an account is slowed down, more with each failure, from wherever: %s', async (name) => {
      const attempt = (i: number) =>
        sender({ 'x-forwarded-for': `10.1.0.${i}` })('POST', '/v1/session', {
          name: i % 2 ? name : name.toUpperCase(),
          password: 'wrong password',
        })
      const first = await Promise.all(Array.from({ length: 9 }, (_each, i) => attempt(i)))
      const statuses = first.map(({ statusCode }) => statusCode)
      expect([statuses.filter((status) => status === 401).length, statuses.filter((status) => status === 429).length]).toEqual([5, 4])
      const waits: number[] = []
      for (let i = 0; i < 4; i++) {
        const refused = await attempt(i)
        expect(outcome(refused)).toEqual([429, 'too_many_attempts'])
        waits.push(Number(refused.headers['retry-after']))
        await db.update(loginFailures).set({ lastAt: sql`${loginFailures.lastAt} - make_interval(secs => ${waits.at(-1)!})` })
        expect((await attempt(i)).statusCode).toBe(401)
      }
      expect(waits).toEqual([1, 2, 4, 8])
      await db.update(loginFailures).set({ count: 1000 })
      const wait = Number((await attempt(0)).headers['retry-after'])
      expect(wait).toBeGreaterThan(290)
      expect(wait).toBeLessThanOrEqual(300)
      await db.update(loginFailures).set({ lastAt: sql`now() - interval '13 hours'` })
      expect((await attempt(0)).statusCode).toBe(401)
      expect((await attempt(0)).statusCode).toBe(401)
    })

    test('the right password has to wait as well, and then makes good', async () => {
      for (let i = 0; i < 5; i++) await nobody('POST', '/v1/session', { name: 'ann', password: 'wrong password' })
      expect((await nobody('POST', '/v1/session', { name: 'ann', password: PASSWORD })).statusCode).toBe(429)
      await db.update(loginFailures).set({ lastAt: sql`now() - interval '2 seconds'` })
      await logIn('ann')
      expect(await db.select().from(loginFailures).where(eq(loginFailures.subject, 'account:ann'))).toEqual([])
    })

    test('an address is slowed down over all accounts, and an own account does not make up for it', async () => {
      const send = sender({ 'x-forwarded-for': '2001:db8:1:2:3::4' })
      for (let i = 0; i < 20; i++)
        expect((await send('POST', '/v1/session', { name: `n${i}`, password: 'wrong password' })).statusCode).toBe(401)
      const refused = await sender({ 'x-forwarded-for': '2001:db8:1:2::9' })('POST', '/v1/session', { name: 'ann', password: PASSWORD })
      expect(outcome(refused)).toEqual([429, 'too_many_attempts'])
      await db.update(loginFailures).set({ lastAt: sql`now() - interval '2 seconds'` })
      await logIn('ann', PASSWORD, '2001:db8:1:2::9')
      const [row] = await db.select().from(loginFailures).where(eq(loginFailures.subject, 'address:2001:db8:1:2::/64'))
      expect(row!.count).toBe(20)
      await logIn('ann', PASSWORD, '2001:db8:1:3::9')
    })
  })

  describe('passwords', () => {
    test('are argon2id, and of 8 to 256 characters', async () => {
      expect(passwordHash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
      const ann = await logIn('ann')
      const change = (next: string) => ann('PUT', '/v1/account/password', { current_password: PASSWORD, new_password: next })
      expect((await change('1234567')).statusCode).toBe(400)
      expect((await change('x'.repeat(257))).statusCode).toBe(400)
      expect((await change('x'.repeat(256))).statusCode).toBe(200)
      await logIn('ann', 'x'.repeat(256))
    })

    test('a change ends the other sessions, at once, and keeps the own one and the keys', async () => {
      const [here, there, bob] = [await logIn('ann'), await logIn('ann'), await logIn('bob')]
      const key = await makeKey(here, ['videos:read'])
      for (const each of [here, there, key, bob]) expect((await each('GET', '/try/videos:read')).statusCode).toBe(200)
      const wrong = await here('PUT', '/v1/account/password', { current_password: 'wrong password', new_password: 'another password' })
      expect(outcome(wrong)).toEqual([401, 'wrong_login'])
      const done = await here('PUT', '/v1/account/password', { current_password: PASSWORD, new_password: 'another password' })
      expect(done.json()).toEqual({ object: 'password.changed' })
      expect((await there('GET', '/try/signed-in')).statusCode).toBe(401)
      for (const each of [here, key, bob]) expect((await each('GET', '/try/videos:read')).statusCode).toBe(200)
      expect((await nobody('POST', '/v1/session', { name: 'ann', password: PASSWORD })).statusCode).toBe(401)
      await logIn('ann', 'another password')
      expect(await actions()).toContain('password_changed')
    })

    test('guessing the current one is slowed down', async () => {
      const ann = await logIn('ann')
      const guess = () => ann('PUT', '/v1/account/password', { current_password: 'wrong password', new_password: 'another password' })
      for (let i = 0; i < 5; i++) expect((await guess()).statusCode).toBe(401)
      expect(outcome(await guess())).toEqual([429, 'too_many_attempts'])
    })
  })

  test('without accounts everybody here is an administrator, but no page of another site', async () => {
    const open = await build(configOf({ auth: 'none' }))
    for (let i = 0; i < 2; i++) expect(await prepareAccounts({ config: configOf({ auth: 'none' }), db: db })).toEqual({})
    const send = sender({ host: 'localhost:7860' }, open)
    for (const access of ['public', 'signed-in', 'videos:read', 'videos:write', 'admin'])
      for (const method of ['GET', 'POST'] as const)
        expect((await send(method, `/try/${access}`, method === 'POST' ? {} : undefined)).json()).toEqual({
          name: 'local',
          role: 'admin',
          still: true,
        })
    expect((await send('GET', '/v1/session')).json()).toMatchObject({ user: { id: 'local', via: 'none' }, csrf_token: null })
    expect((await send('POST', '/try/admin', {}, { authorization: 'Bearer anything' })).statusCode).toBe(200)
    expect((await send('POST', '/try/admin', {}, { origin: 'http://localhost:7860' })).statusCode).toBe(200)
    for (const headers of [{ origin: 'https://evil.example' }, { 'sec-fetch-site': 'cross-site' }] as Record<string, string>[])
      expect(outcome(await send('POST', '/try/admin', {}, headers))).toEqual([403, 'cross_site'])
    expect(outcome(await send('GET', '/try/admin', undefined, { host: 'evil.example' }))).toEqual([403, 'unknown_host'])
    expect(outcome(await send('POST', '/v1/keys', { name: 'x' }))).toEqual([403, 'session_required'])
    expect((await db.select().from(users).where(eq(users.id, 'local'))).length).toBe(1)
  })

  test('a thousand questions at once are one query, and a change is heard', async () => {
    const { key } = await makeKey(await logIn('ann'), ['videos:read'])
    let queries = 0
    const counting = new Proxy(db, {
      get(target, name) {
        if (name === 'select') queries++
        const value: unknown = Reflect.get(target, name, target)
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
    const credentials = createCredentials(counting)
    const ask = (count: number) => Promise.all(Array.from({ length: count }, () => credentials.ofKey(key)))
    expect(new Set((await ask(1000)).map((identity) => identity?.name))).toEqual(new Set(['ann']))
    expect(await credentials.ofKey(`${key}x`)).toBeUndefined()
    expect(await credentials.ofKey(`${key}x`)).toBeUndefined()
    expect(queries).toBe(2)
    // Nobody announces this: what is remembered still answers, for at most five seconds.
    await db.update(apiKeys).set({ revokedAt: sql`now()` })
    expect((await ask(1))[0]).toBeDefined()
    credentials.forget(await idOf('bob'))
    expect((await ask(1))[0]).toBeDefined()
    credentials.forget(await idOf('ann'))
    expect((await ask(1))[0]).toBeUndefined()
  })

  test('a route that does not say who has access is not registered', async () => {
    const bare = fastify().withTypeProvider<ZodTypeProvider>()
    authentication(bare, { config: configOf(), db, listen })
    expect(() => bare.get('/open', () => '')).toThrow('GET /open does not say')
    await bare.close()
  })
})
