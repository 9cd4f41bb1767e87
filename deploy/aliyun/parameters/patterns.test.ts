// The form's rules with values that they take and values that they refuse; and that what the form takes, the service takes.

import { describe, expect, it } from 'vitest'
import { newPassword, userName } from '../../../apps/server/src/accounts/names.ts'
import { INSTANCE_PASSWORD, SOFTWARE_PASSWORD, SOFTWARE_USER_NAME } from './password.ts'
import { HOST_NAME_OR_NONE, IPV4_RANGE, PRIVATE_RANGE, SOURCE, VERSION } from './patterns.ts'

/** As an input field of a browser compiles it, and as plain JavaScript: both must agree. */
function matches(pattern: string, value: string): boolean {
  const [plain, unicode] = [new RegExp(pattern).test(value), new RegExp(pattern, 'u').test(value)]
  expect(unicode).toBe(plain)
  return plain
}

const SYMBOLS = `()\`~!@#$%^&*_-+={}[]:;'<>,.?/`

const RULES: Record<string, { pattern: string; yes: string[]; no: string[] }> = {
  'instance password': {
    pattern: INSTANCE_PASSWORD,
    yes: [
      'Abcdefg1',
      'abcdefg1!',
      'ABCDEFG1!',
      'Abcdefg!',
      'Aa1!Aa1!Aa1!Aa1!Aa1!Aa1!Aa1!Aa', // 30
      ...Array.from(SYMBOLS, (symbol) => `Abcdefg${symbol}`),
      `A1${SYMBOLS.slice(0, 28)}`,
      '1Abcdefg',
      '-Abcdef1',
    ],
    no: [
      '',
      'Abcdef1', // 7
      'Aa1!Aa1!Aa1!Aa1!Aa1!Aa1!Aa1!Aa1', // 31
      'abcdefgh',
      'ABCDEFGH',
      '12345678',
      SYMBOLS,
      SYMBOLS.slice(0, 12),
      'abcdefg1',
      'Abcdefgh',
      'ABCDEFG1',
      'abcdefg!',
      '1234567!',
      'Abcdef 1!', // a space
      'Abcdef1|', // allowed by the cloud, not by the form
      'Abcdef1"',
      'Abcdef1\\',
      'Abcdefé1!',
      'Abcdef1!密',
      'Abcdef1!\n1',
      '\tAbcdef1!',
    ],
  },
  'software password': {
    pattern: SOFTWARE_PASSWORD,
    yes: ['12345678', 'correct horse', `'"$\`\\!#&|;<>`, '$HOME $(id) `id`', '@SoftwareUserName@', '{{x}} %s \\n', '~'.repeat(256)],
    no: ['', '1234567', ' 12345678', '12345678 ', '~'.repeat(257), 'pass\nword', 'tab\tulator', 'pässwörter', '密码密码密码密码'],
  },
  'software user name': {
    pattern: SOFTWARE_USER_NAME,
    yes: ['admin', 'a', 'Ann.Lee', 'ann@example.com', '007', 'x'.repeat(64)],
    no: ['', '-admin', '--help', '.a', 'a b', "a'b", 'a$b', 'x'.repeat(65), 'ännchen', 'a\nb'],
  },
  'range of addresses': {
    pattern: IPV4_RANGE,
    yes: ['0.0.0.0/0', '203.0.113.7/32', '10.0.0.0/8', '255.255.255.255/32', '1.2.3.4/9'],
    no: ['', '203.0.113.7', '256.0.0.0/8', '1.2.3/8', '1.2.3.4/33', '1.2.3.4/', '01.2.3.4/8', '::/0', '1.2.3.4/8 ', '1.2.3.4/8,0.0.0.0/0'],
  },
  'private range': {
    pattern: PRIVATE_RANGE,
    yes: ['10.0.0.0/8', '172.16.0.0/12', '172.31.255.0/24', '192.168.0.0/16', '192.168.1.0/24'],
    no: ['', '11.0.0.0/8', '172.15.0.0/16', '172.32.0.0/16', '192.169.0.0/16', '192.168.0.0', '100.64.0.0/10', '0.0.0.0/0'],
  },
  domain: {
    pattern: HOST_NAME_OR_NONE,
    yes: ['', 'video.example.com', 'a.io', 'x-1.example.co.uk', 'xn--fiqs8s.xn--55qx5d', `${'a'.repeat(63)}.example.com`],
    no: [
      'localhost',
      'https://a.com',
      'a.com/',
      'a.com:80',
      '-a.com',
      'a-.com',
      'A.com',
      'a..com',
      '1.2.3.4',
      'a b.com',
      `${'a'.repeat(64)}.com`,
      '*.a.com',
      'a.com\n',
    ],
  },
  source: {
    pattern: SOURCE,
    yes: ['auto', 'https://registry.npmmirror.com', 'https://hub.example.com:8443/path/', 'https://hf-mirror.com'],
    no: [
      '',
      'http://hf-mirror.com',
      'https://',
      'https://user:pass@host',
      'https://a.com?x=1',
      'https://a.com/$(id)',
      "https://a.com/'",
      'auto ',
    ],
  },
  version: {
    pattern: VERSION,
    yes: ['0.1.0', '12.34.56', '1.0.0-beta.1'],
    no: ['', 'latest', '1.0', '^1.0.0', '1.0.0 --x', '1.0.0;id', 'v1.0.0'],
  },
}

describe.each(Object.entries(RULES))('%s', (_, { pattern, yes, no }) => {
  it.each(yes)('takes %j', (value) => expect(matches(pattern, value)).toBe(true))
  it.each(no)('refuses %j', (value) => expect(matches(pattern, value)).toBe(false))
})

it('asks three of the four kinds of characters, whichever they are, wherever they stand', () => {
  const kinds = ['A', 'z', '5', '%']
  for (let chosen = 1; chosen < 16; chosen++) {
    const present = kinds.filter((_, i) => chosen & (1 << i))
    for (const order of [present, present.toReversed()]) {
      const value = order.join('').repeat(8).slice(0, 12)
      expect(matches(INSTANCE_PASSWORD, value), value).toBe(present.length >= 3)
    }
  }
})

it('takes no name and no password that the service would refuse', () => {
  for (const value of RULES['software password']!.yes) expect(newPassword.safeParse(value).success, value).toBe(true)
  for (const value of RULES['software user name']!.yes) expect(userName.safeParse(value).success, value).toBe(true)
  for (const length of [7, 257]) expect(newPassword.safeParse('x'.repeat(length)).success).toBe(false)
})
