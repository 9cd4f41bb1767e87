// From settings to a storage that can be written, and /ready's question whether it still can.

import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, expect, test, vi } from 'vitest'
import { S3_KEYS, startS3 } from '../../test/support/s3-server.ts'
import { checkStorage, openStorage } from './open.ts'

const data = mkdtempSync(path.join(tmpdir(), 'kinora-open-storage-'))
const s3 = await startS3()
afterAll(async () => {
  await s3.close()
  rmSync(data, { recursive: true, force: true })
})
afterEach(() => {
  vi.unstubAllEnvs()
})

test('a folder is made, and written for a moment', async () => {
  await openStorage({ data: path.join(data, 'new'), storage: null })
  expect(readdirSync(path.join(data, 'new', 'files'))).toEqual([])
})

test('a folder that cannot be made is refused', async () => {
  const at = path.join(data, 'taken')
  mkdirSync(at)
  writeFileSync(path.join(at, 'files'), '')
  await expect(openStorage({ data: at, storage: null })).rejects.toMatchObject({ status: 503, code: 'storage_unavailable' })
})

test('a bucket is opened with the keys of the environment', async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', S3_KEYS.accessKeyId)
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', S3_KEYS.secretAccessKey)
  vi.stubEnv('AWS_SESSION_TOKEN', '')
  const storage = await openStorage({ data, storage: s3.url })
  const asked = s3.requests.length
  await checkStorage(storage)
  await checkStorage(storage)
  expect([asked, s3.requests.length]).toEqual([2, 2])
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'another')
  await expect(openStorage({ data, storage: s3.url })).rejects.toThrow('answers 403 SignatureDoesNotMatch')
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', '')
  await expect(openStorage({ data, storage: s3.url })).rejects.toThrow('needs AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY')
})
