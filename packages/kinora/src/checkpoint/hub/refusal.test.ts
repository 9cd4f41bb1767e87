// What is said when a hub refuses, or is none, or sends somewhere else.

import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { content } from '../../../test/support/hub-files.ts'
import { type FakeHub, startHub } from '../../../test/support/hub-server.ts'
import { CheckpointError } from '../../errors.ts'
import { pullModel } from './hub.node.ts'
import type { PullOptions } from './hub.ts'
import { askedWait } from './refusal.ts'

const TEMP = mkdtempSync(path.join(tmpdir(), 'kinora-refusal-'))
const COMMIT = 'c'.repeat(40)
const LORA = 'lora.safetensors'
let hub: FakeHub

beforeAll(async () => {
  hub = await startHub({ 'owner/lora': { commit: COMMIT, files: { [LORA]: content('lora', 1000) } } })
})
afterAll(async () => {
  await hub.close()
  rmSync(TEMP, { recursive: true, force: true })
})
beforeEach(() => {
  hub.hits.length = 0
})

const failure = (more: PullOptions = {}) =>
  pullModel('owner/lora', { cache: TEMP, endpoint: hub.endpoint, env: {}, retryDelayMs: 5, ...more }).then(
    () => new Error('it worked'),
    (error: unknown) => error as Error,
  )

const REFUSALS: [string, number, Record<string, string>, RegExp, Record<string, string>?][] = [
  [
    'a gated repository',
    401,
    { 'x-error-code': 'GatedRepo' },
    /owner\/lora is gated: log in, accept its licence at http:.*\/owner\/lora, and set HF_TOKEN to an access/,
  ],
  [
    'a gated one with a token',
    403,
    { 'x-error-code': 'GatedRepo' },
    /use a token of that account; the token in use has no access/,
    { HF_TOKEN: 'hf_secret' },
  ],
  [
    'no such repository',
    401,
    { 'x-error-code': 'RepoNotFound' },
    /knows no owner\/lora, or it is private: check the spelling; for a private one set HF_TOKEN/,
  ],
  ['no such revision', 404, { 'x-error-code': 'RevisionNotFound' }, /owner\/lora has no revision main: its branches and tags are at/],
  [
    'a bad token',
    401,
    { 'x-error-message': 'Invalid credentials in Authorization header' },
    /does not accept the access token: make a new one/,
    { HF_TOKEN: 'hf_secret' },
  ],
  ['a plain 403', 403, { 'x-error-message': 'not for you' }, /forbids owner\/lora \(not for you\); see http/],
  ['another status', 418, {}, /answered 418 for owner\/lora/],
]
it.each(REFUSALS)('explains %s', async (_, status, headers, message, env = {}) => {
  hub.fault = () => ({ status, headers })
  const error = await failure({ env })
  expect(error).toBeInstanceOf(CheckpointError)
  expect(error.message).toMatch(message)
  expect(`${error.message} ${String(error.cause)} ${error.stack ?? ''}`).not.toContain('hf_secret')
  expect(hub.hits.length).toBe(1)
})

it('marks a file that the commit does not have after all', async () => {
  hub.fault = ({ path: file }) => (file === LORA ? { status: 404, headers: { 'x-error-code': 'EntryNotFound' } } : undefined)
  expect((await failure()).message).toMatch(/^owner\/lora has no file lora\.safetensors: its files are at http/)
  expect(statSync(path.join(TEMP, 'models--owner--lora/.no_exist', COMMIT, LORA)).size).toBe(0)
})

it('says when no hub is there, and follows no redirect astray', async () => {
  const gone = await failure({ endpoint: 'http://127.0.0.1:9', retries: 0 })
  expect(gone.message).toMatch(/^the list of files in owner\/lora could not be downloaded: the connection to 127\.0\.0\.1:9 broke: /)
  hub.fault = (hit) => (hit.server === 'hub' ? { status: 302, headers: { location: 'file:///etc/passwd' } } : undefined)
  expect((await failure()).message).toMatch(/redirects to an address that is not followed/)
  hub.fault = (hit) => (hit.server === 'hub' ? { status: 302, headers: { location: hub.endpoint + hit.path } } : undefined)
  expect((await failure()).message).toMatch(/redirects more than 10 times/)
  hub.fault = () => ({ body: Buffer.from('<html>') })
  expect((await failure()).message).toMatch(/did not answer with JSON; is it a model hub\?/)
})

it.each([
  [{ 'retry-after': '7' }, 7000],
  [{ 'retry-after': 'Thu, 01 Jan 1970 00:01:00 GMT' }, 60_000],
  [{ ratelimit: '"api";r=0;t=55', 'ratelimit-policy': '"fixed window";"api";q=500;w=300' }, 55_000],
  [{ ratelimit: '"api";r=12;t=55' }, undefined],
  [{ 'retry-after': 'soon' }, undefined],
  [{}, undefined],
])('reads how long to wait out of %j', (headers, ms) => {
  expect(askedWait(new Headers(headers as Record<string, string>), 0)).toBe(ms)
})
