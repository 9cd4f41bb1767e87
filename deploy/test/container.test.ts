// What the Dockerfile and compose.yaml say twice, or say of other files, is the same there. That they work is container.deploy.ts and
// compose.deploy.ts.

import { existsSync, globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { loadConfig } from '@kinora/server/config'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { SETTINGS } from '../../apps/server/src/config/settings.ts'

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url))
const read = (name: string) => readFileSync(path.join(REPOSITORY, name), 'utf8')
const { version: VERSION } = JSON.parse(read('apps/cli/package.json')) as { version: string }

describe('the Dockerfile', () => {
  const text = read('deploy/Dockerfile')
  const stages = new Map(
    text
      .split(/^FROM /m)
      .slice(1)
      .map((stage) => [/ AS (\S+)/.exec(stage)![1]!, stage.slice(stage.indexOf('\n') + 1)]),
  )

  test('installs for every workspace that is built', () => {
    const workspaces = globSync('{packages,apps}/*/package.json', { cwd: REPOSITORY }).toSorted()
    const copied = [...stages.get('build')!.matchAll(/^COPY (\S+\/package\.json) /gm)].map(([, name]) => name!)
    expect(copied.toSorted()).toEqual(workspaces)
  })

  test('makes the two images alike, but for what a GPU needs', () => {
    const own = (stage: string) => stages.get(stage)!.replace(/\n#.*/g, '').trim()
    expect(own('cuda').replaceAll('install-cuda', 'install').replace(' KINORA_DEVICE=cuda', '')).toBe(own('cpu'))
    expect([...stages.keys()]).toEqual(['build', 'install', 'cpu', 'install-cuda', 'cuda']) // the old builder makes all that stand before
  })

  test('says the version of the packages, and needs no BuildKit', () => {
    expect([...text.matchAll(/^ARG VERSION=(.*)$/gm)].map(([, version]) => version)).toEqual([VERSION, VERSION])
    expect(text).not.toMatch(/^(RUN|COPY|ADD) .*--(mount|chmod|link|parents|network)|<<|^# *syntax=/m)
  })

  test('takes only what .dockerignore lets in', () => {
    const allowed = read('.dockerignore')
      .split('\n')
      .filter((line) => line.startsWith('!'))
    const sources = [...text.matchAll(/^COPY (?!--from)(.*) \S+$/gm)]
      .flatMap(([, names]) => names!.split(' '))
      .filter((name) => name !== '.')
    for (const name of sources) {
      expect(existsSync(path.join(REPOSITORY, name)), name).toBe(true)
      expect(
        allowed.some((line) => `${name}/`.startsWith(`${line.slice(1)}/`)),
        name,
      ).toBe(true)
    }
  })
})

interface ComposeService {
  readonly image: string
  readonly command?: readonly string[]
  readonly environment: Readonly<Record<string, string>>
  readonly stop_grace_period?: string
  readonly read_only?: boolean
  readonly cap_drop?: readonly string[]
}

describe('compose.yaml', () => {
  const text = read('deploy/compose.yaml')
  const example = read('deploy/.env.example')
  const { services } = parse(text, { merge: true }) as { services: Readonly<Record<string, ComposeService>> }
  const ours = Object.entries(services).filter(([, { image }]) => image.startsWith('${KINORA'))

  test('.env.example has every variable: those that are needed, and the others as comments', () => {
    const used = new Map([...text.matchAll(/\$\{(\w+):([?-])/g)].map(([, name, kind]) => [name!, kind]))
    expect([...text.matchAll(/\$\{/g)].length).toBe([...text.matchAll(/\$\{\w+:[?-][^}]*\}/g)].length)
    const said = new Map([...example.matchAll(/^(#?)(\w+)=/gm)].map(([, hidden, name]) => [name!, hidden === '#' ? '-' : '?']))
    expect(Object.fromEntries(said)).toEqual(Object.fromEntries(used))
  })

  test('images have the version of the packages', () => {
    expect(ours.map(([name, { image }]) => [name, image])).toEqual([
      ['server', `\${KINORA_IMAGE:-kinora:${VERSION}}`],
      ['worker', `\${KINORA_IMAGE:-kinora:${VERSION}}`],
      ['worker-gpu', `\${KINORA_CUDA_IMAGE:-kinora:${VERSION}-cuda}`],
      ['bucket', `\${KINORA_IMAGE:-kinora:${VERSION}}`],
    ])
  })

  test('settings are settings, and hold together', () => {
    const known = new Set([...SETTINGS.map(({ variable }) => variable), 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'])
    for (const [name, { environment, command, stop_grace_period: grace, read_only, cap_drop }] of ours) {
      expect(Object.keys(environment).filter((variable) => !known.has(variable))).toEqual([])
      const filled = Object.entries(environment).map(([variable, value]) => [
        variable,
        value.replace(/\$\{\w+:([?-])([^}]*)\}/g, (_all, kind, rest: string) => (kind === '?' ? 'x' : rest)),
      ])
      const { drainSeconds, workers, storage } = loadConfig({ env: Object.fromEntries(filled) as Record<string, string> })
      expect({ workers, storage, read_only, cap_drop }).toEqual({
        workers: 0,
        storage: 's3://videos?endpoint=http://s3:7070&region=local',
        read_only: true,
        cap_drop: ['ALL'],
      })
      if (command?.[0] === 'worker') expect(Number(/^(\d+)m$/.exec(grace!)![1]) * 60, name).toBeGreaterThan(drainSeconds)
    }
  })
})
