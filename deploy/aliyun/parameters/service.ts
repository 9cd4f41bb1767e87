// The service itself: who logs in first, which model it has, who may reach it, and under which name.

import type { Construct, RosParameter } from '@alicloud/ros-cdk-core'
import { both, type Text, text } from '../text.ts'
import { addField } from './parameter.ts'
import { SOFTWARE_PASSWORD, SOFTWARE_USER_NAME } from './password.ts'
import { HOST_NAME_OR_NONE, IPV4_RANGE } from './patterns.ts'

/** Short names of packages/kinora/src/checkpoint/presets, whose licence stands beside them in the form. */
const MODELS: Readonly<Record<string, Text>> = {
  'ms-1.7b': text(
    'text-to-video-ms-1.7b, 256x256 (3.7 GB; CC BY-NC 4.0: non-commercial use only)',
    'text-to-video-ms-1.7b，256x256（3.7 GB；CC BY-NC 4.0：仅限非商业用途）',
  ),
  'zeroscope-v2-576w': text(
    'zeroscope v2 576w, 576x320 (3.7 GB; CC BY-NC 4.0: non-commercial use only)',
    'zeroscope v2 576w，576x320（3.7 GB；CC BY-NC 4.0：仅限非商业用途）',
  ),
  demo: text('Only the bundled demo model: coloured shapes (Apache 2.0)', '仅使用内置演示模型：彩色几何图形（Apache 2.0）'),
}

export interface ServiceParameters {
  readonly userName: RosParameter
  readonly password: RosParameter
  readonly model: RosParameter
  readonly allowedRange: RosParameter
  readonly domain: RosParameter
}

export function serviceParameters(scope: Construct): ServiceParameters {
  return { ...loginParameters(scope), model: modelParameter(scope), ...accessParameters(scope) }
}

function loginParameters(scope: Construct): Pick<ServiceParameters, 'userName' | 'password'> {
  const nameRule = text(
    '1 to 64 letters, digits or . _ @ -, beginning with a letter or digit',
    '1～64 个字符，可包含字母、数字和 . _ @ -，且以字母或数字开头',
  )
  const userName = addField(scope, 'SoftwareUserName', {
    label: text('Software user name', '软件用户名'),
    help: both(
      text('You log in to the web page with it; this user is the administrator.', '登录网页所用的用户名，该用户为管理员。'),
      nameRule,
    ),
    initial: 'admin',
    pattern: SOFTWARE_USER_NAME,
    rule: nameRule,
    length: [1, 64],
  })
  const passwordRule = text(
    '8 to 256 letters, digits, symbols of a keyboard or spaces, with no space at either end',
    '8～256 个字符，可包含字母、数字、键盘符号和空格，首尾不能为空格',
  )
  const password = addField(scope, 'SoftwarePassword', {
    label: text('Software password', '软件密码'),
    help: both(
      text(
        'Of that user. Change it after the first login: the record of the installation keeps it for weeks.',
        '该用户的密码。安装记录会将其保留数周，请在首次登录后修改。',
      ),
      passwordRule,
    ),
    pattern: SOFTWARE_PASSWORD,
    rule: passwordRule,
    length: [8, 256],
    secret: true,
    confirmed: true,
  })
  return { userName, password }
}

function modelParameter(scope: Construct): RosParameter {
  return addField(scope, 'ModelName', {
    label: text('Model', '模型'),
    help: text(
      'By choosing a published model you accept its licence: CC BY-NC 4.0 forbids commercial use. It is downloaded to the machine; the demo model is always there.',
      '选择公开模型即表示您接受其许可协议：CC BY-NC 4.0 禁止商业用途。模型会下载到服务器；演示模型始终可用。',
    ),
    initial: 'ms-1.7b',
    values: Object.keys(MODELS),
    metadata: { ValueLabelMapping: MODELS },
  })
}

function accessParameters(scope: Construct): Pick<ServiceParameters, 'allowedRange' | 'domain'> {
  const rangeRule = text('an IPv4 range such as 203.0.113.7/32', 'IPv4 网段，例如 203.0.113.7/32')
  const allowedRange = addField(scope, 'WebAccessCidr', {
    label: text('Who may open the page', '允许访问的网段'),
    help: text(
      'Your own public address with /32, or the range of your office. 0.0.0.0/0 is everyone; without a domain the password then crosses the internet unencrypted.',
      '填写您的公网 IP 并加上 /32，或办公网络的网段。0.0.0.0/0 表示所有人；未设置域名时，密码将以明文经公网传输。',
    ),
    pattern: IPV4_RANGE,
    rule: rangeRule,
    placeholder: text('203.0.113.7/32', '203.0.113.7/32'),
  })
  const domain = addField(scope, 'DomainName', {
    label: text('Domain (optional)', '域名（可选）'),
    help: text(
      'Your own name for HTTPS. Let its A record point to the machine’s address once that is known; a certificate is then fetched by itself. In mainland China the domain needs an ICP filing.',
      '用于启用 HTTPS 的自有域名。获得服务器公网 IP 后，将域名的 A 记录指向该 IP，证书会自动签发。中国内地地域的域名须完成 ICP 备案。',
    ),
    initial: '',
    pattern: HOST_NAME_OR_NONE,
    rule: text('a host name in small letters such as video.example.com, or nothing', '小写域名，例如 video.example.com；也可留空'),
    placeholder: text('video.example.com', 'video.example.com'),
  })
  return { allowedRange, domain }
}
