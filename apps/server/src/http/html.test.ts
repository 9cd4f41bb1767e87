import fc from 'fast-check'
import { expect, test } from 'vitest'
import { html, inline, prose } from './html.ts'

test('escapes what is put in, but not what was made here', () => {
  expect(html`<b title="${'"<\'&'}">${html`<i>${'<x>'}</i>`}${['&', 1]}${undefined}${false}</b>`.text).toBe(
    '<b title="&#34;&#60;&#39;&#38;"><i>&#60;x&#62;</i>&#38;1</b>',
  )
})

test('no text opens or closes a tag or an attribute', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(html`${text}`.text).not.toMatch(/[<>"']/)
      expect(html`${inline(text)}`.text.replaceAll(/<\/?code>/g, '')).not.toMatch(/[<>"']/)
    }),
  )
})

test('paragraphs and code', () => {
  expect(prose('One `a<b`.\n\nTwo.').map(({ text }) => text)).toEqual(['<p>One <code>a&#60;b</code>.</p>', '<p>Two.</p>'])
})
