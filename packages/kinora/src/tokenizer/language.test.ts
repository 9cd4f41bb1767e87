// Scripts, and the cases where counting letters could go wrong.

import { expect, it } from 'vitest'
import { mostlyNotEnglish } from './language.ts'

it.each([
  '大鹏一日同风起',
  '一只熊猫在吃竹子, 4K',
  '猫が走る',
  '고양이가 달린다',
  'Красный круг движется влево',
  'مرحبا بالعالم',
  'שלום עולם',
  'नमस्ते दुनिया',
  'สวัสดี',
  'κόκκινος κύκλος',
  '两只黄鹂 hd',
])('%s is not English', (prompt) => {
  expect(mostlyNotEnglish(prompt)).toBe(true)
})

it.each([
  '',
  '   ',
  '1234 !?',
  '🐼🎋🚀',
  'a red circle moving left',
  'café naïve façade Ünïcödé',
  'cafe\u0301',
  'a dog 🐼 running',
  'the character 大 painted on a rock',
  '𝒜𝒷',
  'Ångström, ½ ² ™',
])('%s may be English', (prompt) => {
  expect(mostlyNotEnglish(prompt)).toBe(false)
})
