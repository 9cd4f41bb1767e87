// Which addresses are one: the throttle over HTTP is in login.test.ts.

import { expect, test } from 'vitest'
import { addressSubject } from './throttle.ts'

test.each([
  ['203.0.113.9', '203.0.113.9'],
  ['::ffff:203.0.113.9', '203.0.113.9'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:DB8:0001:2::', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['::', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['1:2:3::', '1:2:3:0::/64'],
  ['', ''],
])('%s counts as %s', (address, subject) => {
  expect(addressSubject(address)).toBe(`address:${subject}`)
})
