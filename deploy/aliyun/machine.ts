// The machine: one instance with a GPU, a disk for models and videos, and a public address.

import { type Construct, RosPseudo } from '@alicloud/ros-cdk-core'
import { InstanceGroup } from '@alicloud/ros-cdk-ecs'
import type { Network } from './network.ts'
import type { ChargeParameters } from './parameters/charge.ts'
import type { MachineParameters } from './parameters/machine.ts'
import type { NetworkParameters } from './parameters/network.ts'

/**
 * The cloud's public Ubuntu 24.04 with NVIDIA's driver and CUDA in it: deploy/install.sh needs Ubuntu or Debian with Caddy among its
 * packages, and a driver is the one part that it does not install. The template service takes the newest image whose id begins so
 * (they end in a date and are withdrawn after some months). Known from its documentation and from public scripts that name
 * ubuntu_24_04_x64_100G_with_gpu_driver_and_cuda_alibase_20260519.vhd; not tried on the cloud itself.
 */
const IMAGE = 'ubuntu_24_04_x64_100G_with_gpu_driver_and_cuda'

/**
 * The highest that is sold by traffic. Only what leaves the machine is paid for, so a high limit costs nothing; and with 10 or less
 * the cloud lets in 10 Mbit/s, at which a model takes an hour.
 */
const BANDWIDTH_MBIT = 100

export interface MachineOptions {
  readonly charge: ChargeParameters
  readonly machine: MachineParameters
  readonly zone: Pick<NetworkParameters, 'zoneId'>
  readonly network: Network
}

export function addMachine(scope: Construct, { charge, machine, zone, network }: MachineOptions): InstanceGroup {
  return new InstanceGroup(scope, 'Machine', {
    maxAmount: 1,
    instanceName: RosPseudo.stackName,
    imageId: IMAGE,
    instanceType: machine.instanceType,
    password: machine.instancePassword,
    instanceChargeType: charge.payType,
    periodUnit: charge.payPeriodUnit,
    period: charge.payPeriod,
    zoneId: zone.zoneId,
    vpcId: network.vpcId,
    vSwitchId: network.vSwitchId,
    securityGroupId: network.securityGroupId,
    networkType: 'vpc',
    ioOptimized: 'optimized',
    systemDiskCategory: 'cloud_essd',
    systemDiskPerformanceLevel: 'PL0',
    systemDiskSize: 200,
    allocatePublicIp: true,
    internetChargeType: 'PayByTraffic',
    internetMaxBandwidthOut: BANDWIDTH_MBIT,
    // A change of instance type or password is meant for the machine that there is.
    updatePolicy: 'ForAllInstances',
  })
}
