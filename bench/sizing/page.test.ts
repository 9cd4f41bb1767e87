// The page has what the kept figures and the estimates come to, and its plots can be drawn.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { draw } from '../plot/draw.ts'
import { FOLDER, PAGE, readKeptFigures } from './kept.ts'
import { fillPage, pageTables } from './page.ts'
import { sizingPlots } from './plots.ts'

test('docs/numbers.md is current: node --conditions=kinora-dev bench/sizing/page.ts', () => {
  const page = readFileSync(PAGE, 'utf8')
  expect(fillPage(page, pageTables())).toBe(page)
  expect(page).not.toMatch(/NaN|undefined|Infinity/)
})

test('the plots are current and can be drawn', async () => {
  for (const [name, svg] of sizingPlots(readKeptFigures('queue'))) {
    expect(svg).toBe(readFileSync(join(FOLDER, name), 'utf8'))
    expect((await draw(svg)).info.width).toBe(720)
  }
})

test('nothing was lost and nothing made twice', () => {
  for (const { real } of readKeptFigures('queue').sizes) expect([real.lost, real.duplicate, real.refused]).toEqual([0, 0, 0])
  for (const { duplicates } of readKeptFigures('database').together) expect(duplicates).toBe(0)
})

test('a marker without figures, and figures without a marker, are refused', () => {
  expect(() => fillPage('<!-- figures: none -->\n<!-- end -->', new Map())).toThrow('"figures: none"')
  expect(() => fillPage('', new Map([['cost', '']]))).toThrow('no marker for: cost')
})
