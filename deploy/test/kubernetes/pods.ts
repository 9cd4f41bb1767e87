// What the checks of manifests ask of a workload: its pods, their containers, and the variables that these see.

import type { Deployment, IDeployment } from 'kubernetes-models/apps/v1'
import type { IConfigMap, ISecret } from 'kubernetes-models/v1'
import type { Manifest } from './manifests.ts'

export type Workload = Deployment & Manifest
export type Pod = NonNullable<IDeployment['spec']>['template']['spec'] & {}
export type Container = Pod['containers'][number]

/** Those of a kind. Their form has been checked by then. */
export function ofKind<T>(manifests: readonly Manifest[], kind: string): (T & Manifest)[] {
  return manifests.filter((manifest) => manifest.kind === kind) as (T & Manifest)[]
}

export function podOf(workload: Workload): Pod {
  return workload.spec!.template.spec!
}

export function labelsOf(workload: Workload): Record<string, string> {
  return workload.spec!.template.metadata?.labels ?? {}
}

export function containersOf(pod: Pod): Container[] {
  return [...(pod.initContainers ?? []), ...pod.containers]
}

export function matches(selector: Readonly<Record<string, string>> | undefined, labels: Readonly<Record<string, string>>): boolean {
  return Object.entries(selector ?? {}).every(([name, value]) => labels[name] === value)
}

/** As the kubelet gives them. Throws where a map, a secret or a key of one is not there. */
export function environmentOf({ env = [], envFrom = [] }: Container, maps: readonly IConfigMap[], secrets: readonly ISecret[]) {
  const secretOf = (name: string) => named(secrets, name).stringData ?? {}
  const whole = envFrom.map(({ configMapRef, secretRef }) =>
    configMapRef ? (named(maps, configMapRef.name!).data ?? {}) : secretOf(secretRef!.name!),
  )
  const single = env.map(({ name, value, valueFrom }) => {
    if (value !== undefined) return { [name]: value }
    const { name: secret, key } = valueFrom!.secretKeyRef!
    const found = secretOf(secret!)[key]
    if (found === undefined) throw new Error(`the secret ${secret} has no ${key}`)
    return { [name]: found }
  })
  return Object.assign({}, ...whole, ...single) as Record<string, string>
}

function named<T extends IConfigMap | ISecret>(list: readonly T[], name: string): T {
  const found = list.find(({ metadata }) => metadata?.name === name)
  if (!found) throw new Error(`there is no ${name} among ${list.map(({ metadata }) => metadata?.name).join(', ')}`)
  return found
}

/** The restricted profile of the pod security standards, as far as a manifest can break it: what is missing, as sentences. */
export function unrestricted(pod: Pod): string[] {
  const { securityContext: whole } = pod
  const pods = [
    whole?.runAsNonRoot === true ? [] : ['runAsNonRoot is not true'],
    whole?.seccompProfile?.type === 'RuntimeDefault' ? [] : ['seccompProfile is not RuntimeDefault'],
    (pod.volumes ?? []).some(({ hostPath }) => hostPath) ? ['a volume is a path of the host'] : [],
    pod.hostNetwork || pod.hostPID || pod.hostIPC ? ["a namespace is the host's"] : [],
  ]
  const each = containersOf(pod).map(({ name, securityContext: own, ports }) => [
    ...(own?.allowPrivilegeEscalation === false ? [] : [`${name} may get more privileges`]),
    ...(own?.capabilities?.drop?.includes('ALL') && !own.capabilities.add ? [] : [`${name} keeps capabilities`]),
    ...(own?.readOnlyRootFilesystem === true ? [] : [`${name} may write to its image`]),
    ...(own?.privileged || (ports ?? []).some(({ hostPort }) => hostPort) ? [`${name} is part of the host`] : []),
  ])
  return [...pods, ...each].flat()
}
