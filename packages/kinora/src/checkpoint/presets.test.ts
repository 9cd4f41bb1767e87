// The table is consistent, models are found under their names, and warnings are given where something is known.

import { expect, it } from 'vitest'
import { findPreset, PRESETS, presetNamed, presetWarnings } from './presets.ts'

const preset = (name: string) => presetNamed(name)!

it('has names of its own for each, and sound values', () => {
  const names = PRESETS.flatMap(({ name, aliases }) => [name, ...aliases])
  expect(new Set(names).size).toBe(names.length)
  expect(PRESETS.filter(({ kind }) => kind === 'lora').map(({ name }) => name)).toEqual([
    'mcm-webvid',
    'mcm-laion',
    'mcm-anime',
    'mcm-real',
    'mcm-3d-cartoon',
  ])
  for (const { name, aliases, repos, base, width, height, license, licenseNote } of PRESETS) {
    for (const known of [name, ...aliases]) expect(known).toMatch(/^[a-z0-9][a-z0-9.-]+$/)
    for (const repo of repos) expect(repo).toMatch(/^[\w.-]+\/[\w.-]+$/)
    if (base !== undefined) expect(presetNamed(base)?.kind).toBe('model')
    expect([width, height].every((side) => side === undefined || side % 8 === 0)).toBe(true)
    expect(license ?? licenseNote).toBeDefined()
  }
})

it.each([
  ['ms-1.7b', 'ms-1.7b'],
  ['damo-vilab/text-to-video-ms-1.7b', 'ms-1.7b'],
  ['ali-vilab/text-to-video-ms-1.7b@refs/pr/69', 'ms-1.7b'],
  ['zeroscope-576w', 'zeroscope-v2-576w'],
  ['ZeroScope_XL', 'zeroscope-v2-xl'],
  ['zeroscope-xl@refs/pr/34', 'zeroscope-v2-xl'],
  ['cerspense/zeroscope_v2_xl', 'zeroscope-v2-xl'],
  ['cerspense/zeroscope_v2_1111models/zs2_576w', 'zeroscope-v2-576w-original'],
  ['yhzhai/mcm/modelscopet2v-real', 'mcm-real'],
  ['/home/me/.cache/huggingface/hub/models--cerspense--zeroscope_v2_XL/snapshots/abc', 'zeroscope-v2-xl'],
  ['/cache/models--yhzhai--mcm/snapshots/abc/modelscopet2v-anime', 'mcm-anime'],
  ['C:\\models\\camenduru\\potat1', 'potat1'],
  ['./zeroscope_v2_576w/', 'zeroscope-v2-576w'],
  ['../models/animov-512x', 'animov-512x'],
  ['/models/vdo/potat1-50000-base-text-encoder', 'potat1'],
  ['/srv/ms-1.7b', 'ms-1.7b'],
  ['/srv/damo-vilab/my-own-model', undefined],
  ['yhzhai/mcm', undefined],
  ['someone/model', undefined],
  ['', undefined],
])('finds %s', (text, name) => {
  expect(findPreset(text)?.name).toBe(name)
})

it.each([
  ['ms-1.7b', { width: 256, height: 256, numFrames: 16 }, []],
  ['ms-1.7b', {}, []],
  ['ms-1.7b', { numFrames: 200 }, ['was trained on clips of 16 frames; with 200 the motion may stall']],
  ['zeroscope-576w', { width: 1024, height: 576 }, ['was trained at 576x320; at 1024x576 the picture may repeat itself']],
  ['zeroscope-576w', { width: 320, height: 576 }, ['at 320x576 the picture may repeat']],
  ['zeroscope-576w', { width: 256 }, ['at 256x320 the picture may be coarse']],
  [
    'zeroscope-xl',
    { width: 576, height: 320, numFrames: 16 },
    ['is poor at fewer than 24 frames, as its card says; 16 are asked for', 'coarse'],
  ],
  ['zeroscope-xl', { numFrames: 48 }, ['zeroscope v2 XL was trained on clips of 24 frames; with 48']],
  ['animov-512x', { numFrames: 500 }, []],
  ['zeroscope-v2-448w-original', { width: 4096, height: 4096, numFrames: 500 }, []],
])('warns for %s at %j', (name, wish, parts) => {
  const warnings = presetWarnings(preset(name), wish)
  expect(warnings.length).toBe(parts.length)
  for (const [i, part] of parts.entries()) expect(warnings[i]).toContain(part)
})

it('says of adapters how they are sampled', () => {
  expect(preset('mcm')).toMatchObject({
    name: 'mcm-laion',
    base: 'ms-1.7b',
    numInferenceSteps: 4,
    guidanceScale: 1,
    fps: 7,
    scheduler: { className: 'LCMScheduler', config: { timestep_scaling: 4 } },
  })
})
