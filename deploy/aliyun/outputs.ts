// What the console shows when the service is there: where it is, who logs in, and where its logs are.

import { type Construct, Fn, type IResolvable, RosOutput } from '@alicloud/ros-cdk-core'
import type { InstanceGroup } from '@alicloud/ros-cdk-ecs'
import { either, HAS_DOMAIN } from './network.ts'
import type { ServiceParameters } from './parameters/service.ts'
import { asLabel, type Text, text } from './text.ts'

export function addOutputs(scope: Construct, machine: InstanceGroup, { userName, domain }: ServiceParameters): void {
  const address = Fn.select(0, machine.attrPublicIps)
  const endpoint = either(HAS_DOMAIN, Fn.join('', ['https://', domain]), Fn.join('', ['http://', address]))
  output(scope, 'Endpoint', endpoint, {
    label: text('Endpoint', '访问地址'),
    help: text(
      'Open it and log in. With a domain it answers once the name points to the address below.',
      '打开该地址并登录。使用域名时，域名解析到下方公网 IP 后即可访问。',
    ),
  })
  output(scope, 'PublicIp', address, {
    label: text('Public address', '公网 IP'),
    help: text('What the domain’s A record must say.', '域名 A 记录应指向的地址。'),
  })
  output(scope, 'UserName', userName, {
    label: text('User name', '用户名'),
    help: text('The password is the one that was given in the form.', '密码为表单中设置的软件密码。'),
  })
  output(scope, 'Logs', 'journalctl -u kinora -u kinora-worker', {
    label: text('Logs', '查看日志'),
    help: text(
      'Run it on the machine, through the console’s Session Manager or VNC. The installation’s log is /var/log/kinora-install.log.',
      '通过控制台的会话管理或 VNC 登录服务器后执行。安装日志位于 /var/log/kinora-install.log。',
    ),
  })
}

function output(scope: Construct, name: string, value: IResolvable | string, texts: { label: Text; help: Text }): void {
  new RosOutput(scope, name, { value, label: asLabel(texts.label), description: asLabel(texts.help) })
}
