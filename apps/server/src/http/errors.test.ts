import { expect, test } from 'vitest'
import { z } from 'zod'
import { validated } from './errors.ts'

const schema = z.strictObject({
  prompt: z.string().min(1),
  lora: z.array(z.strictObject({ name: z.string() })).optional(),
  video: z.union([z.object({ id: z.string() }), z.object({ file: z.string() })]).optional(),
})

test.each([
  [{}, 'prompt', 'invalid_value', /"prompt": invalid input: expected string/],
  [{ prompt: 'a', lora: [{ name: 'x' }, { name: 1 }] }, 'lora[1].name', 'invalid_value', /"lora\[1\]\.name"/],
  [{ prompt: 'a', steps: 3 }, 'steps', 'unknown_parameter', /"steps": there is no such field/],
  [{ prompt: 'a', lora: [{ name: 'x', weight: 1 }] }, 'lora[0].weight', 'unknown_parameter', /no such field/],
  [{ prompt: 'a', video: 7 }, 'video', 'invalid_value', /"video": invalid input: expected object, received number/],
  ['text', undefined, 'invalid_value', /^the request: invalid input/],
])('%j is refused, and the field named', (value, param, code, message) => {
  expect(() => validated(schema, value)).toThrow(
    expect.objectContaining({ status: 400, code, param, message: expect.stringMatching(message) as string }),
  )
})

test('gives the value as the schema has it', () => {
  expect(validated(z.object({ steps: z.coerce.number() }), { steps: '3', other: 1 })).toEqual({ steps: 3 })
})

test('a name of any length makes a short param', () => {
  expect(() => validated(schema, { prompt: 'a', ['x'.repeat(5000)]: 1 })).toThrow(expect.objectContaining({ param: 'x'.repeat(100) }))
})
