// The order of the form: what is paid, the machine, the service, what few change; then zone and network, which depend on the rest.

import { type Construct, RosInfo } from '@alicloud/ros-cdk-core'
import { type Text, text } from './text.ts'

export const GROUPS: readonly { readonly label: Text; readonly fields: readonly string[] }[] = [
  { label: text('Charge type', '付费类型配置'), fields: ['PayType', 'PayPeriodUnit', 'PayPeriod'] },
  { label: text('Instance', '实例配置'), fields: ['EcsInstanceType', 'InstancePassword'] },
  {
    label: text('Service', '服务配置'),
    fields: ['SoftwareUserName', 'SoftwarePassword', 'ModelName', 'WebAccessCidr', 'DomainName'],
  },
  { label: text('Advanced: leave as it is', '高级配置（通常无需修改）'), fields: ['SoftwareVersion', 'NpmRegistry', 'ModelHub'] },
  {
    label: text('Zone and network', '可用区和网络配置'),
    fields: ['ZoneId', 'VpcOption', 'VpcCidrBlock', 'VSwitchCidrBlock', 'VpcId', 'VSwitchId'],
  },
]

export function addInterface(scope: Construct): void {
  new RosInfo(scope, RosInfo.description, {
    ...text(
      'Kinora: text-to-video on one machine with a GPU. Videos are made from English prompts in the browser.',
      'Kinora：在单台 GPU 服务器上部署文生视频服务，在浏览器中输入英文提示词即可生成视频。',
    ),
  })
  new RosInfo(scope, RosInfo.metadata, {
    'ALIYUN::ROS::Interface': {
      ParameterGroups: GROUPS.map(({ label, fields }) => ({ Parameters: fields, Label: { default: label } })),
      TemplateTags: ['kinora'],
    },
  })
}
