// The workflows and the changesets' configuration, as far as they can be held without GitHub: what they run exists here, foreign
// code is pinned, and no job may do more than it needs.

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { publishedWorkspaces, ROOT } from './workspaces.ts'

interface Step {
  readonly uses?: string
  readonly run?: string
  readonly with?: { readonly script?: string }
  readonly env?: Readonly<Record<string, string>>
}
interface Job {
  readonly permissions?: Readonly<Record<string, string>>
  readonly steps: readonly Step[]
  readonly needs?: string
  readonly if?: string
  readonly environment?: string
  readonly 'timeout-minutes'?: number
}
interface Workflow {
  readonly on: Readonly<Record<string, { branches?: string[] } | null>>
  readonly permissions?: Readonly<Record<string, string>>
  readonly concurrency?: { group: string }
  readonly jobs: Readonly<Record<string, Job>>
}

const read = (path: string) => readFileSync(join(ROOT, path), 'utf8')
const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }

describe.each(['ci', 'release'])('%s.yml', (name) => {
  const workflow = parse(read(`.github/workflows/${name}.yml`)) as Workflow
  const steps = Object.values(workflow.jobs).flatMap((job) => job.steps)

  test('takes foreign actions by their commit', () => {
    for (const { uses } of steps) if (uses !== undefined) expect(uses).toMatch(/^[\w-]+\/[\w-]+(?:\/[\w-]+)?@[0-9a-f]{40}$/)
  })

  test('runs what exists', () => {
    const commands = steps.flatMap((step) => [step.run ?? '', step.with?.script ?? '']).join('\n')
    for (const [, script = ''] of commands.matchAll(/npm run ([\w:-]+)/g)) expect(scripts).toHaveProperty([script])
    for (const [path] of commands.matchAll(/(?:^|\s)\.ci\/\w+/gm)) expect(existsSync(join(ROOT, path.trim())), path).toBe(true)
    expect(commands).toContain('.ci/run')
  })

  test('has limits', () => {
    expect(workflow.concurrency?.group).toBeTruthy()
    expect(workflow.permissions).toBeDefined()
    for (const job of Object.values(workflow.jobs)) expect(job['timeout-minutes']).toBeLessThanOrEqual(90)
  })
})

describe('what the jobs may do', () => {
  const ci = parse(read('.github/workflows/ci.yml')) as Workflow
  const { jobs, on, permissions } = parse(read('.github/workflows/release.yml')) as Workflow

  test('pull requests may only read', () => {
    expect(ci.permissions).toEqual({ contents: 'read' })
    for (const job of Object.values(ci.jobs)) expect(job.permissions).toBeUndefined()
    expect(Object.keys(on)).toEqual(['push'])
    expect(on.push).toEqual({ branches: ['main'] })
  })

  test('one job alone gets an identity, after the whole suite', () => {
    expect(permissions).toEqual({})
    const withIdentity = Object.keys(jobs).filter((name) => jobs[name]?.permissions?.['id-token'] === 'write')
    expect(withIdentity).toEqual(['publish'])
    expect(jobs.publish).toMatchObject({ needs: 'select', if: "needs.select.outputs.mode == 'publish'", environment: 'npm' })
    const runs = jobs.publish!.steps.map(({ run = '' }) => run)
    expect(runs.findIndex((run) => run.startsWith('.ci/run'))).toBeGreaterThanOrEqual(0)
    expect(runs.findIndex((run) => run.startsWith('.ci/run'))).toBeLessThan(runs.indexOf('npm run release'))
    expect(jobs.version?.permissions).toEqual({ contents: 'write', 'pull-requests': 'write' })
  })
})

test('changesets keep all published packages at one version', () => {
  const config = JSON.parse(read('.changeset/config.json')) as { fixed: string[][]; access: string; baseBranch: string }
  expect(config.fixed.map((group) => group.toSorted())).toEqual([
    publishedWorkspaces()
      .map(({ name }) => name)
      .toSorted(),
  ])
  expect(config).toMatchObject({ access: 'public', baseBranch: 'main' })
})
