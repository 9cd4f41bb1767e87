// How the machine is paid for: by the hour, or for months or years ahead. Names and values are those that templates of this cloud
// share, so that the marketplace recognises them.

import type { Construct, RosParameter } from '@alicloud/ros-cdk-core'
import { text } from '../text.ts'
import { addField, fieldValue } from './parameter.ts'

/** Only a subscription has a length. */
const SUBSCRIPTION = { 'Fn::Equals': [fieldValue('PayType'), 'PrePaid'] }

export interface ChargeParameters {
  readonly payType: RosParameter
  readonly payPeriodUnit: RosParameter
  readonly payPeriod: RosParameter
}

export function chargeParameters(scope: Construct): ChargeParameters {
  const payType = addField(scope, 'PayType', {
    label: text('Charge type', '付费类型'),
    help: text(
      'Pay-as-you-go is billed while the machine exists and can be ended at any time. A subscription is paid in advance.',
      '按量付费：实例存在期间持续计费，可随时释放。包年包月：预先支付。',
    ),
    initial: 'PostPaid',
    values: ['PostPaid', 'PrePaid'],
    input: 'ChargeType',
    metadata: { LocaleKey: 'InstanceChargeType' },
  })
  const payPeriodUnit = addField(scope, 'PayPeriodUnit', {
    label: text('Subscription unit', '购买时长单位'),
    help: text('Months or years.', '按月或按年购买。'),
    initial: 'Month',
    values: ['Month', 'Year'],
    input: 'PayPeriodUnit',
    shownWhen: SUBSCRIPTION,
  })
  const payPeriod = addField(scope, 'PayPeriod', {
    label: text('Subscription length', '购买时长'),
    help: text(
      'How many of them, 1 to 9. For years, what your account can buy at most may be less.',
      '购买的月数或年数，取值 1～9；按年购买时，上限以账号可购买的时长为准。',
    ),
    type: 'Number',
    initial: 1,
    values: [1, 2, 3, 4, 5, 6, 7, 8, 9],
    input: 'PayPeriod',
    shownWhen: SUBSCRIPTION,
  })
  return { payType, payPeriodUnit, payPeriod }
}
