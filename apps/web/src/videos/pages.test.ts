import { expect, test } from 'vitest'
import type { VideoList, VideoObject } from '../api/types.ts'
import { activePages, type Pages, videosIn, withFresh, withoutVideos, withStars } from './pages.ts'

const video = (id: string, more: Partial<VideoObject> = {}) => ({ id, status: 'completed', starred: false, ...more }) as VideoObject
const list = (ids: string, has_more: boolean): VideoList => {
  const data = Array.from(ids, (id) => video(id))
  return { object: 'list', data, first_id: data[0]?.id ?? null, last_id: data.at(-1)?.id ?? null, has_more }
}
const PAGES: Pages = { pages: [list('abc', true), list('def', true)], pageParams: [undefined, 'c'] }
const idsOf = (pages: Pages | undefined) => pages?.pages.map(({ data }) => data.map(({ id }) => id).join(''))

test('videos that are taken out leave cursors that are still there', () => {
  const pages = withoutVideos(PAGES, new Set(['c', 'd', 'x']))
  expect(idsOf(pages)).toEqual(['ab', 'ef'])
  expect(pages.pages.map(({ first_id, last_id }) => [first_id, last_id])).toEqual([
    ['a', 'b'],
    ['e', 'f'],
  ])
  expect(withoutVideos(PAGES, new Set(['a'])).pages[1]).toBe(PAGES.pages[1])
})

test('a star changes its video alone', () => {
  const pages = withStars(PAGES, new Set(['b']), true)
  expect(videosIn(pages).filter(({ starred }) => starred)).toEqual([video('b', { starred: true })])
  expect(pages.pages[0]?.data[0]).toBe(PAGES.pages[0]?.data[0])
  expect(pages.pages[1]).toBe(PAGES.pages[1])
})

test('a newer first page brings new videos, and removed ones go', () => {
  expect(idsOf(withFresh(PAGES, 0, list('yxa', true)))).toEqual(['yxabc', 'def']) // two new ones, b and c lie behind
  expect(idsOf(withFresh(PAGES, 0, list('xac', true)))).toEqual(['xac', 'def']) // b is gone
  expect(idsOf(withFresh({ ...PAGES, pages: [list('abc', false)] }, 0, list('xa', false)))).toEqual(['xa']) // nothing lies behind
  expect(idsOf(withFresh(PAGES, 0, list('', false)))).toEqual(['', 'def'])
})

test('only the last page says whether there is more', () => {
  const more = (pages: Pages | undefined) => pages?.pages.at(-1)?.has_more
  expect(more(withFresh(PAGES, 1, list('def', false)))).toBe(false)
  expect(more(withFresh(PAGES, 0, list('abc', false)))).toBe(true)
  expect(more(withFresh(PAGES, 1, list('de', true)))).toBe(true)
})

test('so much is new that there is a gap: unknown', () => {
  expect(withFresh(PAGES, 0, list('xyz', true))).toBeUndefined()
  expect(withFresh(PAGES, 2, list('xyz', true))).toBeUndefined()
})

test('pages with videos that wait or run, and the first', () => {
  expect(activePages(PAGES)).toEqual([0])
  const running: VideoList = { ...list('g', false), data: [video('g', { status: 'in_progress' })] }
  expect(activePages({ ...PAGES, pages: [...PAGES.pages, running] })).toEqual([0, 2])
})
