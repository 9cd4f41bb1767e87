// The manifests as a cluster would get them, and the API's own schemas to hold them against. The published validators pass over fields
// that they do not know, as an API server of old did: a misspelt one would be no more than a wish. But a validator looks at every field
// that its schema has, so what it never looked at is none.

import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { ScaledObject, TriggerAuthentication } from '@kubernetes-models/keda/keda.sh/v1alpha1'
import { Deployment } from 'kubernetes-models/apps/v1'
import { Ingress, NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1'
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1'
import { ConfigMap, Namespace, PersistentVolumeClaim, Secret, Service } from 'kubernetes-models/v1'
import { parse, parseAllDocuments } from 'yaml'

const FOLDER = fileURLToPath(new URL('../../kubernetes', import.meta.url))

const MODELS = [
  ConfigMap,
  Deployment,
  Ingress,
  Namespace,
  NetworkPolicy,
  PersistentVolumeClaim,
  PodDisruptionBudget,
  ScaledObject,
  Secret,
  Service,
  TriggerAuthentication,
]

export interface Manifest {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: { readonly name: string; readonly namespace?: string }
}

interface Kustomization {
  readonly resources: readonly string[]
  readonly images?: readonly { readonly name: string }[]
}

/** Every document of a file, relative to the folder of manifests. Throws for what is no YAML. */
export function documentsOf(file: string): unknown[] {
  return parseAllDocuments(readFileSync(path.join(FOLDER, file), 'utf8')).map((document) => {
    for (const error of document.errors) throw error
    return document.toJS() as unknown
  })
}

export function kustomization(folder: string): Kustomization {
  return parse(readFileSync(path.join(FOLDER, folder, 'kustomization.yaml'), 'utf8')) as Kustomization
}

/** What `kubectl apply -k` of a folder sends, but for the images' registry. */
export function manifestsOf(folder: string): Manifest[] {
  return kustomization(folder).resources.flatMap((name) =>
    name.endsWith('.yaml') ? (documentsOf(path.join(folder, name)) as Manifest[]) : manifestsOf(path.join(folder, name)),
  )
}

export function yamlFiles(): string[] {
  return readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.yaml'))
    .toSorted()
}

/** What the API would refuse, as sentences. */
export function faultsOf(manifest: unknown): string[] {
  const { apiVersion, kind } = manifest as Manifest
  const model = MODELS.find((each) => each.apiVersion === apiVersion && each.kind === kind)
  if (!model) return [`${apiVersion} ${kind} is none of the kinds that are known here`]
  const { watched, unread } = watch(manifest)
  try {
    model.prototype.validate.call(watched)
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)]
  }
  return unread().map((field) => `${field} is no field of ${kind}`)
}

/** The same object, which knows what of it was looked at. */
function watch(root: unknown): { watched: never; unread: () => string[] } {
  const read = new Set<string>()
  const wrap = (value: unknown, at: string): unknown => {
    if (typeof value !== 'object' || value === null) return value
    return new Proxy(value, {
      get(target, key) {
        if (typeof key === 'symbol' || !Object.hasOwn(target, key)) return Reflect.get(target, key) as unknown
        read.add(`${at}.${key}`)
        return wrap((target as Record<string, unknown>)[key], `${at}.${key}`)
      },
    })
  }
  const unread = (value: unknown, at: string): string[] =>
    typeof value !== 'object' || value === null
      ? []
      : Object.entries(value).flatMap(([key, inner]) => (read.has(`${at}.${key}`) ? unread(inner, `${at}.${key}`) : [`${at}.${key}`]))
  return { watched: wrap(root, '') as never, unread: () => unread(root, '') }
}
