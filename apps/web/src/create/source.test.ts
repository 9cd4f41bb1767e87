// What a file of the user's is taken as.

import { beforeEach, expect, test } from 'vitest'
import { getDraft, setDraft } from '../settings/draft.ts'
import { EXAMPLE } from '../settings/example-capabilities.ts'
import { NOTHING } from '../settings/settings.ts'
import { dropSource, fileProblem, startFromEarlier, startFromFile } from './source.ts'

beforeEach(() => setDraft({ settings: { ...NOTHING, prompt: 'a' } }))

test('a video is changed, a picture is where a video begins', () => {
  startFromFile(new File(['x'], 'a.mp4', { type: 'video/mp4' }))
  expect(getDraft()).toMatchObject({ settings: { task: 'edit', prompt: 'a' }, file: { name: 'a.mp4' } })
  startFromFile(new File(['x'], 'a.png', { type: 'image/png' }))
  expect(getDraft().settings.task).toBe('extend')
})

test('a file and an earlier video take each other’s place', () => {
  startFromFile(new File(['x'], 'a.gif', { type: 'image/gif' }))
  startFromEarlier('video_1')
  expect(getDraft()).toEqual({ settings: { task: 'edit', prompt: 'a', source: { id: 'video_1' } } })
  startFromFile(new File(['x'], 'a.mp4', { type: 'video/mp4' }))
  expect(getDraft().settings.source).toBeUndefined()
  dropSource()
  expect(getDraft()).toEqual({ settings: { task: 'generate', prompt: 'a', source: undefined } })
})

test('what is no video or too large is not sent', () => {
  expect(fileProblem({ type: 'text/plain', size: 1 }, EXAMPLE)).toBe('type')
  expect(fileProblem({ type: 'video/mp4', size: EXAMPLE.uploads.bytes + 1 }, EXAMPLE)).toBe('size')
  expect(fileProblem({ type: '', size: 1 }, EXAMPLE)).toBeUndefined()
})
