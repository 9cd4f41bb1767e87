// What few change: the version, and where packages and models come from. `auto` is the usual source, or its mirror where networks
// reach that badly (../install-service.sh decides by region).

import type { Construct, RosParameter } from '@alicloud/ros-cdk-core'
import { text } from '../text.ts'
import { addField } from './parameter.ts'
import { SOURCE, VERSION } from './patterns.ts'

const SOURCE_RULE = text('auto, or an https address', 'auto 或 https 地址')

export interface AdvancedParameters {
  readonly version: RosParameter
  readonly registry: RosParameter
  readonly hub: RosParameter
}

export function advancedParameters(scope: Construct, version: string): AdvancedParameters {
  return {
    version: addField(scope, 'SoftwareVersion', {
      label: text('Kinora version', 'Kinora 版本'),
      help: text(
        'Of the packages that are installed. This template was made for the one given.',
        '要安装的软件包版本。本模板针对默认版本制作。',
      ),
      initial: version,
      pattern: VERSION,
      rule: text('a version such as 0.1.0', '版本号，例如 0.1.0'),
    }),
    registry: addField(scope, 'NpmRegistry', {
      label: text('npm registry', 'npm 软件源'),
      help: text(
        'Where the software comes from, and so whom you trust. auto: registry.npmmirror.com in mainland China, registry.npmjs.org elsewhere.',
        '软件的来源，请确保其可信。auto：中国内地地域使用 registry.npmmirror.com，其他地域使用 registry.npmjs.org。',
      ),
      initial: 'auto',
      pattern: SOURCE,
      rule: SOURCE_RULE,
      length: [4, 200],
    }),
    hub: addField(scope, 'ModelHub', {
      label: text('Model hub', '模型源'),
      help: text(
        'Where the model comes from. Files are checked against the checksums that this hub itself lists. auto: hf-mirror.com in mainland China, huggingface.co elsewhere.',
        '模型的来源。文件会按该模型源自身提供的校验和进行校验。auto：中国内地地域使用 hf-mirror.com，其他地域使用 huggingface.co。',
      ),
      initial: 'auto',
      pattern: SOURCE,
      rule: SOURCE_RULE,
      length: [4, 200],
    }),
  }
}
