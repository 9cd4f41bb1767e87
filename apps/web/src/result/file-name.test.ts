// Friendly file names from prompts, whatever is in these.

import { expect, test } from 'vitest'
import { fileName } from './file-name.ts'

test.each([
  ['A red ball, rolling!', 'a-red-ball-rolling-7.mp4'],
  ['../../etc/passwd', 'etc-passwd-7.mp4'],
  ['一只猫 在月球', '一只猫-在月球-7.mp4'],
  ['***', 'kinora-7.mp4'],
  ['CON', 'kinora-7.mp4'],
  [`${'word '.repeat(50)}`, 'word-word-word-word-word-word-word-word-word-word-word-word-7.mp4'],
  ['𝒜'.repeat(100), `${'𝒜'.repeat(60)}-7.mp4`],
])('%s', (prompt, name) => expect(fileName({ prompt, seed: 7 }, 'mp4')).toBe(name))
