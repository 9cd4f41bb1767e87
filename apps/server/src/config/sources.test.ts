import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { ConfigError } from './config-error.ts'
import { printableConfig, withoutSecrets } from './printable.ts'
import { SETTINGS } from './settings.ts'
import { loadConfig } from './sources.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'kinora-config-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function file(content: unknown): string {
  const place = path.join(folder, 'kinora.json')
  writeFileSync(place, typeof content === 'string' ? content : JSON.stringify(content))
  return place
}

describe('where settings come from', () => {
  test('without any: the defaults', () => {
    expect(loadConfig({})).toMatchObject({
      host: '127.0.0.1',
      port: 7860,
      models: [{ name: 'demo', source: 'demo' }],
      limits: { frames: 200 },
    })
  })

  test('flags before environment before file, each setting on its own', () => {
    const config = loadConfig({
      flags: { port: '1' },
      env: { KINORA_PORT: '2', KINORA_WORKERS: '2', KINORA_LIMITS_STEPS: '20' },
      file: file({ port: 3, workers: 3, host: '::1', limits: { steps: 30, promptLength: 300 } }),
    })
    expect(config).toMatchObject({ port: 1, workers: 2, host: '::1', limits: { steps: 20, promptLength: 300, frames: 200 } })
  })

  test('KINORA_CONFIG names the file, unless a flag does', () => {
    const env = { KINORA_CONFIG: file({ port: 3 }) }
    expect(loadConfig({ env }).port).toBe(3)
    const other = path.join(folder, 'other.json')
    writeFileSync(other, '{"port": 4}')
    expect(loadConfig({ env, file: other }).port).toBe(4)
  })

  test('text becomes what the setting is', () => {
    const env = {
      KINORA_MODELS: 'small=demo, cerspense/zeroscope_v2_576w',
      KINORA_LORAS: '[{"name":"ink","source":"./ink=1.safetensors"}]',
      KINORA_MODERATION_WORDS: 'foo,bar',
      KINORA_MODERATION_FAIL_OPEN: 'true',
      KINORA_HEARTBEAT_SECONDS: '0.5',
      KINORA_LIMITS_PROMPT_LENGTH: '10',
      KINORA_ADMIN_USER: 'ann',
      KINORA_ADMIN_PASSWORD: '12345',
    }
    expect(loadConfig({ env })).toMatchObject({
      models: [
        { name: 'small', source: 'demo' },
        { name: 'cerspense/zeroscope_v2_576w', source: 'cerspense/zeroscope_v2_576w' },
      ],
      loras: [{ name: 'ink', source: './ink=1.safetensors' }],
      moderation: { words: ['foo', 'bar'], failOpen: true },
      heartbeatSeconds: 0.5,
      limits: { promptLength: 10 },
      adminUser: 'ann',
      adminPassword: '12345',
    })
    expect(loadConfig({ flags: { models: ['a=/models/x=y'] } }).models).toEqual([{ name: 'a', source: '/models/x=y' }])
  })

  test('variables that are empty, not ours, or what Kubernetes sets for a service of this name, change nothing', () => {
    const env = { KINORA_PORT: 'tcp://10.0.0.7:7860', KINORA_DATABASE_URL: '', KINORA_CACHE: '/x', KINORA_DEBUG: '1', KINORA_PROT: '1' }
    expect(loadConfig({ env })).toEqual(loadConfig({}))
  })

  test('the data folder does not depend on where a later process runs', () => {
    expect(loadConfig({ flags: { data: 'here' } }).data).toBe(path.resolve('here'))
  })

  test('every setting has a variable of its own, and none is one that other parts of Kinora read', () => {
    const variables = SETTINGS.map(({ variable }) => variable)
    expect(new Set(variables).size).toBe(variables.length)
    expect(variables.filter((name) => /^KINORA_(CACHE|DEBUG|CONFIG|BENCH|TEST)/.test(name))).toEqual([])
    expect(variables).toContain('KINORA_RETENTION_DAYS')
  })
})

describe('what is wrong is told by its name and place', () => {
  test.each([
    [{ flags: { port: '99999' } }, '--port is 99999: it must be at most 65535'],
    [{ flags: { port: 'http' } }, '--port is "http": it must be of the kind number'],
    [{ flags: { port: '1.5' } }, '--port is 1.5: it must be a whole number'],
    [{ flags: { port: '' } }, '--port is "": it must be of the kind number'],
    [{ flags: { models: ['./x'] } }, '--model: 0.name is "./x": letters, digits and . _ - / only'],
    [{ flags: { models: ['a=b', 'a=c'] } }, 'models has "a" twice'],
    [{ env: { KINORA_LIMITS_FRAMES: '0' } }, 'KINORA_LIMITS_FRAMES is 0: it must be at least 1'],
    [{ env: { KINORA_AUTH: 'off' } }, 'KINORA_AUTH is "off": it must be one of accounts, none'],
    [{ env: { KINORA_LORAS: '[{' } }, 'KINORA_LORAS is no JSON'],
    [{ env: { KINORA_MODERATION_FAIL_OPEN: 'maybe' } }, 'KINORA_MODERATION_FAIL_OPEN is "maybe": it must be of the kind boolean'],
    [
      { env: { KINORA_DATABASE_URL: 'mysql://ann:geheim@db/x' } },
      'KINORA_DATABASE_URL is not valid: postgres://USER:PASSWORD@HOST/DATABASE',
    ],
    [{ env: { KINORA_ADMIN_USER: 'ann' } }, 'KINORA_ADMIN_PASSWORD'],
    [{ flags: { lostAfterSeconds: '1' } }, 'lostAfterSeconds is 1: it must be at least twice heartbeatSeconds (5)'],
    [{ file: '/nowhere/kinora.json' }, 'cannot read the configuration /nowhere/kinora.json'],
  ])('%j', (sources, words) => {
    const load = () => loadConfig(sources)
    expect(load).toThrow(ConfigError)
    expect(load).toThrow(words)
    expect(load).not.toThrow('geheim')
  })

  test.each([
    [{ prot: 1 }, '"prot", which is no setting: did you mean port?'],
    [{ limits: { prompt_length: 1 } }, '"limits.prompt_length", which is no setting: did you mean promptLength?'],
    [{ retention: { zzz: 1 } }, '"retention.zzz", which is no setting; there are days, bytes'],
    ['{"__proto__": {"port": 1}}', '"__proto__", which is no setting'],
    [{ limits: 5 }, 'limits in'],
    [{ port: '80' }, 'port in '],
    [{ port: null }, 'is null: it must be of the kind number'],
    [{ models: [{ name: 'a', source: 'b', speed: 1 }] }, 'models in '],
    [[1], 'has to hold a JSON object'],
    ['{', 'is no JSON'],
  ])('a file with %j', (content, words) => {
    const load = () => loadConfig({ file: file(content) })
    expect(load).toThrow(ConfigError)
    expect(load).toThrow(words)
  })
})

describe('settings that are shown', () => {
  const SECRETS = {
    adminUser: 'ann',
    adminPassword: 'geheim',
    databaseUrl: 'postgres://ann:geheim@db/kinora?sslmode=require&sslpassword=geheim',
    storage: 's3://bucket/videos?endpoint=http://key:geheim@s3&region=eu',
    moderation: { url: 'https://judge/ask?token=geheim' },
  }

  test('no secret is among them', () => {
    const shown = printableConfig(loadConfig({ file: file(SECRETS) }))
    expect(JSON.stringify(shown)).not.toContain('geheim')
    expect(shown).toMatchObject({ adminUser: 'ann', adminPassword: '***', databaseUrl: expect.stringContaining('@db/kinora') as string })
    expect(withoutSecrets('s3://bucket/videos?endpoint=http%3A%2F%2Fs3&region=eu')).toContain('endpoint=http%3A%2F%2Fs3%2F&region=eu')
  })

  test('as a file they are the same settings again', () => {
    const config = loadConfig({ flags: { port: '1', models: ['a=b'], data: '/tmp/x' } })
    expect(loadConfig({ file: file(printableConfig(config)) })).toEqual(config)
  })
})
