// Zone, network and switch: new ones, or those that the account has. They come last, since the console offers only zones that have
// the chosen machine in stock, and only switches of the chosen zone.

import type { Construct, RosParameter } from '@alicloud/ros-cdk-core'
import { text } from '../text.ts'
import { addField, fieldValue } from './parameter.ts'
import { PRIVATE_RANGE } from './patterns.ts'

const NEW = { 'Fn::Equals': [fieldValue('VpcOption'), 'NewVPC'] }
const EXISTING = { 'Fn::Equals': [fieldValue('VpcOption'), 'ExistingVPC'] }
const RANGE_RULE = text('a private IPv4 range such as 192.168.0.0/16', '私有 IPv4 网段，例如 192.168.0.0/16')

export interface NetworkParameters {
  readonly zoneId: RosParameter
  readonly vpcOption: RosParameter
  readonly vpcCidrBlock: RosParameter
  readonly vSwitchCidrBlock: RosParameter
  readonly vpcId: RosParameter
  readonly vSwitchId: RosParameter
}

export function networkParameters(scope: Construct): NetworkParameters {
  const zoneId = addField(scope, 'ZoneId', {
    label: text('vSwitch zone', '交换机可用区'),
    help: text('A zone of the region that has the instance type in stock.', '所选地域中有该实例规格库存的可用区。'),
    input: 'ALIYUN::ECS::Instance::ZoneId',
    metadata: { InstanceType: fieldValue('EcsInstanceType'), InstanceChargeType: fieldValue('PayType'), SystemDiskCategory: 'cloud_essd' },
  })
  const vpcOption = addField(scope, 'VpcOption', {
    label: text('Network', '网络'),
    help: text('A network of its own, or one that you have.', '新建专有网络，或使用已有的专有网络。'),
    initial: 'NewVPC',
    values: ['NewVPC', 'ExistingVPC'],
    metadata: {
      ValueLabelMapping: { NewVPC: text('New network', '新建专有网络'), ExistingVPC: text('Existing network', '已有专有网络') },
    },
  })
  return { zoneId, vpcOption, ...newNetwork(scope), ...existingNetwork(scope) }
}

function newNetwork(scope: Construct): Pick<NetworkParameters, 'vpcCidrBlock' | 'vSwitchCidrBlock'> {
  const vpcCidrBlock = addField(scope, 'VpcCidrBlock', {
    label: text('VPC IPv4 block', '专有网络 IPv4 网段'),
    help: text(
      'One of 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, or a part of it.',
      '10.0.0.0/8、172.16.0.0/12、192.168.0.0/16 或其子网。',
    ),
    initial: '192.168.0.0/16',
    pattern: PRIVATE_RANGE,
    rule: RANGE_RULE,
    input: 'ALIYUN::VPC::VPC::CidrBlock',
    shownWhen: NEW,
  })
  const vSwitchCidrBlock = addField(scope, 'VSwitchCidrBlock', {
    label: text('vSwitch IPv4 block', '交换机 IPv4 网段'),
    help: text('A part of the VPC’s block.', '须为专有网络网段的子网段。'),
    initial: '192.168.1.0/24',
    pattern: PRIVATE_RANGE,
    rule: RANGE_RULE,
    input: 'ALIYUN::VPC::VSwitch::CidrBlock',
    metadata: { VpcCidrBlock: 'VpcCidrBlock' },
    shownWhen: NEW,
  })
  return { vpcCidrBlock, vSwitchCidrBlock }
}

function existingNetwork(scope: Construct): Pick<NetworkParameters, 'vpcId' | 'vSwitchId'> {
  const vpcId = addField(scope, 'VpcId', {
    label: text('VPC ID', '专有网络 ID'),
    help: text('A VPC of the chosen region.', '所选地域中的专有网络。'),
    initial: '',
    pattern: '^$|^vpc-[a-z0-9]+$',
    rule: text('an ID such as vpc-bp1xxxx', '专有网络 ID，例如 vpc-bp1xxxx'),
    input: 'ALIYUN::ECS::VPC::VPCId',
    shownWhen: EXISTING,
  })
  const vSwitchId = addField(scope, 'VSwitchId', {
    label: text('vSwitch ID', '交换机 ID'),
    help: text('A vSwitch of that VPC, in the chosen zone.', '该专有网络中位于所选可用区的交换机。'),
    initial: '',
    pattern: '^$|^vsw-[a-z0-9]+$',
    rule: text('an ID such as vsw-bp1xxxx', '交换机 ID，例如 vsw-bp1xxxx'),
    input: 'ALIYUN::ECS::VSwitch::VSwitchId',
    metadata: { VpcId: fieldValue('VpcId'), ZoneId: fieldValue('ZoneId') },
    shownWhen: EXISTING,
  })
  return { vpcId, vSwitchId }
}
