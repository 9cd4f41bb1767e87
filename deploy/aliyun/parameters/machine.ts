// Which machine, and the password of its system's administrator.

import type { Construct, RosParameter } from '@alicloud/ros-cdk-core'
import { both, text } from '../text.ts'
import { addField, fieldValue } from './parameter.ts'
import { INSTANCE_PASSWORD } from './password.ts'

/** T4 with 16 GB, and A10 with 24 GB. The image has a graphics driver; a CPU alone needs minutes for a video, and no such machine. */
const FAMILIES = ['ecs.gn6i', 'ecs.gn7i']

const RULE = text(
  "8 to 30 characters, with at least three of: a capital letter, a small letter, a digit, one of ()`~!@#$%^&*_-+={}[]:;'<>,.?/",
  "长度为 8～30 个字符，且至少包含以下四类中的三类：大写字母、小写字母、数字、特殊符号 ()`~!@#$%^&*_-+={}[]:;'<>,.?/",
)

export interface MachineParameters {
  readonly instanceType: RosParameter
  readonly instancePassword: RosParameter
}

export function machineParameters(scope: Construct): MachineParameters {
  const instanceType = addField(scope, 'EcsInstanceType', {
    label: text('Instance type', '实例规格'),
    help: text(
      'ecs.gn6i has an NVIDIA T4 (16 GB), ecs.gn7i an NVIDIA A10 (24 GB). One GPU is enough: it makes one video at a time.',
      'ecs.gn6i 配备 NVIDIA T4（16 GB 显存），ecs.gn7i 配备 NVIDIA A10（24 GB 显存）。一次生成一个视频，单卡规格即可。',
    ),
    initial: 'ecs.gn6i-c8g1.2xlarge',
    // The vendor's service holds to this even when the form is not used.
    pattern: String.raw`^ecs\.gn(6|7)i-[a-z0-9]+\.[a-z0-9]+$`,
    rule: text('a type of ecs.gn6i or ecs.gn7i', '请选择 ecs.gn6i 或 ecs.gn7i 系列的规格'),
    input: 'ALIYUN::ECS::Instance::InstanceType',
    metadata: { InstanceChargeType: fieldValue('PayType'), Constraints: { InstanceTypeFamily: FAMILIES } },
  })
  const instancePassword = addField(scope, 'InstancePassword', {
    label: text('Instance password', '实例密码'),
    help: both(
      text(
        'Of root on the machine, for the console’s VNC; the firewall lets no SSH in.',
        '服务器 root 用户的密码，用于控制台 VNC 登录；安全组不开放 SSH 端口。',
      ),
      RULE,
    ),
    pattern: INSTANCE_PASSWORD,
    rule: RULE,
    length: [8, 30],
    input: 'ALIYUN::ECS::Instance::Password',
    secret: true,
  })
  return { instanceType, instancePassword }
}
