// The cluster's manifests against the API's schemas, against each other, and against the program that they run: its settings, routes
// and tables. No cluster is started here.

import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { loadConfig } from '@kinora/server/config'
import type { IScaledObject, ITriggerAuthentication } from '@kubernetes-models/keda/keda.sh/v1alpha1'
import { sql } from 'drizzle-orm'
import type { IIngress, INetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1'
import type { IPodDisruptionBudget } from 'kubernetes-models/policy/v1'
import type { IConfigMap, ISecret, IService } from 'kubernetes-models/v1'
import { afterAll, describe, expect, test } from 'vitest'
import { SETTINGS } from '../../apps/server/src/config/settings.ts'
import { models, users, videos } from '../../apps/server/src/db/schema.ts'
import { heartbeat } from '../../apps/server/src/queue/lost.ts'
import { LAST } from '../../apps/server/src/queue/order.ts'
import { takeJob } from '../../apps/server/src/queue/take.ts'
import { startPostgres } from '../../apps/server/test/support/postgres.ts'
import { REQUEST } from '../../apps/server/test/support/request.ts'
import { startService } from '../../apps/server/test/support/service.ts'
import { documentsOf, faultsOf, kustomization, type Manifest, manifestsOf, yamlFiles } from './kubernetes/manifests.ts'
import { containersOf, environmentOf, labelsOf, matches, ofKind, podOf, unrestricted, type Workload } from './kubernetes/pods.ts'

const OVERLAYS = ['cpu', 'gpu']
const SECRETS = documentsOf('secret.example.yaml') as (ISecret & Manifest)[]
const { version: VERSION } = JSON.parse(readFileSync(new URL('../../apps/cli/package.json', import.meta.url), 'utf8')) as {
  version: string
}

describe('every file', () => {
  test.each(yamlFiles().filter((name) => !name.endsWith('kustomization.yaml')))('%s is what the API takes', (name) => {
    for (const document of documentsOf(name)) expect(faultsOf(document)).toEqual([])
  })

  test('is in a kustomization, but for the example', () => {
    const named = ['base', ...OVERLAYS].flatMap((folder) => kustomization(folder).resources.map((file) => `${folder}/${file}`))
    const files = yamlFiles().filter((name) => !name.endsWith('kustomization.yaml'))
    expect(files.filter((name) => !named.includes(name))).toEqual(['secret.example.yaml'])
  })

  test.each<[string, (worker: Record<string, never>) => void]>([
    [
      '.spec.template.spec.terminationGraceSeconds is no field',
      ({ spec }) => Object.assign(podOf({ spec } as never), { terminationGraceSeconds: 1 }),
    ],
    [
      '.spec.template.spec.containers.0.securityContext.readOnly is no field',
      ({ spec }) => Object.assign(podOf({ spec } as never).containers[0]!.securityContext!, { readOnly: true }),
    ],
    [
      '/spec/template/spec/terminationGracePeriodSeconds',
      ({ spec }) => Object.assign(podOf({ spec } as never), { terminationGracePeriodSeconds: '660s' }),
    ],
    ['must have required property selector', ({ spec }) => Reflect.deleteProperty(spec as never, 'selector')],
    ['is none of the kinds', (worker) => Object.assign(worker, { apiVersion: 'apps/v1beta1' })],
  ])('a worker that is wrong is refused: %s', (words, spoil) => {
    const [worker] = documentsOf('gpu/worker.yaml') as [Record<string, never>]
    spoil(worker)
    expect(faultsOf(worker).join('\n')).toContain(words)
  })
})

describe.each(OVERLAYS)('the cluster of %s', (overlay) => {
  const manifests = manifestsOf(overlay)
  const workloads = ofKind<Workload>(manifests, 'Deployment')
  const maps = ofKind<IConfigMap>(manifests, 'ConfigMap')
  const every = workloads.flatMap((workload) => containersOf(podOf(workload)).map((container) => ({ workload, container })))

  test('has each name once, all in one namespace', () => {
    const names = manifests.map(({ kind, metadata }) => `${kind} ${metadata.name}`)
    expect(new Set(names).size).toBe(names.length)
    const spaces = manifests.filter(({ kind }) => kind !== 'Namespace').map(({ metadata }) => metadata.namespace)
    expect([...new Set([...spaces, ...SECRETS.map(({ metadata }) => metadata.namespace)])]).toEqual(['kinora'])
  })

  test('selects what is there', () => {
    const labels = workloads.map(labelsOf)
    for (const workload of workloads) expect(matches(workload.spec!.selector.matchLabels, labelsOf(workload))).toBe(true)
    for (const workload of workloads)
      expect(workloads.filter((other) => matches(workload.spec!.selector.matchLabels, labelsOf(other)))).toEqual([workload])
    for (const { spec } of ofKind<IService>(manifests, 'Service'))
      expect(labels.filter((each) => matches(spec?.selector, each))).toHaveLength(1)
    for (const { spec } of ofKind<IPodDisruptionBudget>(manifests, 'PodDisruptionBudget'))
      expect(labels.filter((each) => matches(spec?.selector?.matchLabels, each))).toHaveLength(1)
    for (const { spec } of ofKind<INetworkPolicy>(manifests, 'NetworkPolicy'))
      expect(labels.filter((each) => matches(spec?.podSelector?.matchLabels, each)).length).toBeGreaterThan(0)
    for (const { spec } of ofKind<IScaledObject>(manifests, 'ScaledObject'))
      expect(workloads.map(({ metadata }) => metadata.name)).toContain(spec.scaleTargetRef.name)
  })

  test('its ports lead to where the service listens', () => {
    const [service] = ofKind<IService>(manifests, 'Service')
    const [ingress] = ofKind<IIngress>(manifests, 'Ingress')
    const [port] = service!.spec!.ports!
    expect(ingress!.spec!.rules![0]!.http!.paths[0]!.backend.service).toEqual({ name: service!.metadata.name, port: { name: port!.name } })
    const target = workloads.find((workload) => matches(service!.spec!.selector, labelsOf(workload)))!
    const [container] = podOf(target).containers
    expect(container!.ports).toEqual([{ name: port!.targetPort, containerPort: loadConfig({}).port }])
  })

  test('runs images of this version, and commands that there are', () => {
    const allowed = [`kinora:${VERSION}`, `kinora:${VERSION}-cuda`]
    for (const { container } of every) expect(allowed).toContain(container.image)
    expect(kustomization(overlay).images?.map(({ name }) => name)).toEqual(['kinora'])
    for (const { container } of every) {
      const command = new URL(`../../apps/cli/src/commands/${container.args![0]}.ts`, import.meta.url)
      expect(existsSync(command), container.args![0]).toBe(true)
    }
  })

  test('keeps to the restricted profile', () => {
    for (const workload of workloads) expect(unrestricted(podOf(workload)), workload.metadata.name).toEqual([])
    const broken = structuredClone(podOf(workloads[0]!))
    broken.containers[0]!.securityContext = {}
    expect(unrestricted(broken)).toHaveLength(3)
  })

  test('mounts volumes that there are, and claims that there are', () => {
    const claims = ofKind(manifests, 'PersistentVolumeClaim').map(({ metadata }) => metadata.name)
    for (const { workload, container } of every) {
      const volumes = podOf(workload).volumes ?? []
      expect(container.volumeMounts!.map(({ name }) => name).filter((name) => !volumes.some((volume) => volume.name === name))).toEqual([])
      for (const { persistentVolumeClaim: claim } of volumes) if (claim) expect(claims).toContain(claim.claimName)
    }
  })

  test('gives each container settings that there are, with values that hold together', () => {
    const known = new Set([...SETTINGS.map(({ variable }) => variable), 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'HF_HUB_OFFLINE'])
    const configs = workloads.map((workload) => {
      const env = environmentOf(podOf(workload).containers[0]!, maps, SECRETS)
      expect(Object.keys(env).filter((name) => !known.has(name))).toEqual([])
      return loadConfig({ env })
    })
    expect(configs.length).toBe(2)
    for (const { databaseUrl, storage, models: offered } of configs)
      expect({ databaseUrl, storage, offered }).toEqual({
        databaseUrl: expect.any(String) as string,
        storage: configs[0]!.storage,
        offered: configs[0]!.models,
      })
    const [host] = ofKind<IIngress>(manifests, 'Ingress').map(({ spec }) => spec!.rules![0]!.host)
    expect(configs[0]!.publicUrl).toBe(`https://${host}`)
  })

  test('a worker has the time to end its job', () => {
    const workers = workloads.filter((workload) => podOf(workload).containers[0]!.args?.[0] === 'worker')
    expect(workers).toHaveLength(1)
    for (const workload of workers) {
      const { drainSeconds } = loadConfig({ env: environmentOf(podOf(workload).containers[0]!, maps, SECRETS) })
      expect(podOf(workload).terminationGracePeriodSeconds).toBeGreaterThan(drainSeconds + 30)
    }
  })

  test('the scaler reads the database by the secret that there is', () => {
    for (const { spec } of ofKind<ITriggerAuthentication>(manifests, 'TriggerAuthentication'))
      for (const { name, key } of spec.secretTargetRef!)
        expect(SECRETS.find(({ metadata }) => metadata.name === name)?.stringData).toHaveProperty(key)
    const known = ofKind(manifests, 'TriggerAuthentication').map(({ metadata }) => metadata.name)
    for (const { spec } of ofKind<IScaledObject>(manifests, 'ScaledObject'))
      expect(spec.triggers.map(({ authenticationRef }) => authenticationRef?.name)).toEqual(known)
  })
})

describe('against the service', async () => {
  const postgres = await startPostgres()
  const databaseUrl = await postgres?.createDatabase()
  const service = await startService({ workers: 0, ...(databaseUrl !== undefined && { databaseUrl }) })
  const { db } = service.running.services
  afterAll(async () => {
    await service.close()
    await postgres?.stop()
  })

  test('every path that is probed answers while no worker lives', async () => {
    const containers = ofKind<Workload>(manifestsOf('gpu'), 'Deployment').flatMap((workload) => podOf(workload).containers)
    const probes = containers.flatMap(({ startupProbe, readinessProbe, livenessProbe }) => [startupProbe, readinessProbe, livenessProbe])
    const paths = new Set(probes.flatMap((probe) => probe?.httpGet?.path ?? []))
    expect([...paths]).toEqual(['/health'])
    for (const path of paths) expect((await service.fetch(path, { key: null })).status).toBe(200)
    expect((await service.fetch('/ready', { key: null })).status).toBe(503)
  })

  test('the queue asks for workers: one to begin with, then one a job that can be worked on', async () => {
    const [scaled] = ofKind<IScaledObject>(manifestsOf('gpu'), 'ScaledObject')
    const { query = '', targetQueryValue, activationTargetQueryValue } = scaled!.spec.triggers[0]!.metadata
    expect([targetQueryValue, activationTargetQueryValue, scaled!.spec.minReplicaCount]).toEqual(['1', '0', 0])
    const wanted = async () => {
      const number = sql<number>`(${sql.raw(query)})`.mapWith(Number)
      return (await db.select({ number }).from(sql`(values (1)) as one`))[0]!.number
    }
    expect(await wanted()).toBe(1)
    await db.insert(models).values({ name: 'tiny', description: { name: 'tiny' } as never })
    expect(await wanted()).toBe(0)
    const [ann, bob] = [await service.addUser('ann'), await service.addUser('bob')]
    const enqueue = (id: string, userId: string) =>
      db.insert(videos).values({ id, userId, model: 'tiny', request: REQUEST, position: LAST as never })
    for (const id of ['one', 'two', 'three']) await enqueue(id, ann.id)
    await enqueue('of bob', bob.id)
    expect(await wanted()).toBe(4)
    await db.update(users).set({ pausedAt: sql`now()` }).where(sql`id = ${bob.id}`)
    expect(await wanted()).toBe(3)
    const job = (await takeJob(db, 'w', ['tiny']))!
    expect(await wanted()).toBe(3)
    await db.update(videos).set({ status: 'completed' }).where(sql`id = ${job.id}`)
    await db.update(videos).set({ status: 'cancelled' }).where(sql`id in ('two', 'three')`)
    expect(await wanted()).toBe(0)
  })

  test.skipIf(!postgres)('the check of a worker asks whether it was heard of, and blames none for a database that is away', async () => {
    const script = fileURLToPath(new URL('../container/health.ts', import.meta.url))
    const codeWith = async (url: string) => {
      const env = { ...process.env, KINORA_DATABASE_URL: url }
      const run = promisify(execFile)(process.execPath, ['--conditions=kinora-dev', script, 'worker'], { env })
      return run.then(
        () => 0,
        ({ code }: { code: number }) => code,
      )
    }
    const worker = { id: 'w', name: `${hostname()} 7`, device: 'cpu', models: ['tiny'] }
    await heartbeat(db, worker)
    await db.execute(sql`update workers set heard_at = now() - interval '1 hour'`)
    expect(await Promise.all([codeWith(databaseUrl!), codeWith('postgres://nobody@127.0.0.1:1/none')])).toEqual([1, 0])
    await heartbeat(db, worker)
    expect(await codeWith(databaseUrl!)).toBe(0)
  })
})
