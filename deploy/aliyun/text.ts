// The form's texts, in the two languages that the vendor's console draws. What the console reads is `en` and `zh-cn`; nothing
// else of the template is text.

import { Token } from '@alicloud/ros-cdk-core'

export interface Text {
  readonly en: string
  readonly 'zh-cn': string
}

export function text(en: string, zh: string): Text {
  return { en, 'zh-cn': zh }
}

/** For places where the CDK's types know one language only, although the format has both: labels, and what outputs are called. */
export function asLabel(both: Text): string {
  return Token.asString(both)
}

/** One sentence before another, in both languages. */
export function both(first: Text, second: Text): Text {
  return text(`${first.en} ${second.en}`, `${first['zh-cn']}${second['zh-cn']}`)
}
