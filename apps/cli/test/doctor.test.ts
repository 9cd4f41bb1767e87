// `kinora doctor` on this machine, and its judgement of machines that lack something.

import { describe, expect, test } from 'vitest'
import { engineChecks, mediaChecks, nodeCheck } from '../src/doctor.ts'
import { emptyFolder, events, kinora } from './support/cli.ts'

describe('doctor', () => {
  test('reports every device, program and folder of a machine that works', async () => {
    const cwd = emptyFolder()
    const [text, json] = await Promise.all([kinora(['doctor'], { cwd }), kinora(['doctor', '--json'], { cwd })])
    expect(text.code, text.stdout).toBe(0)
    expect(text.stdout).toContain('Generating works here.')
    const [report] = events(json.stdout) as [{ works: boolean; checks: { name: string; status: string; detail: string }[] }]
    expect(report.works).toBe(true)
    const status = Object.fromEntries(report.checks.map(({ name, status: found }) => [name.replace(/ Runtime [\d.]+/, ''), found]))
    expect(status).toMatchObject({ 'Node.js': 'ok', CPU: 'ok', 'ONNX, cpu': 'ok', sharp: 'ok', 'demo model': 'ok' })
    expect(Object.keys(status)).toEqual(
      expect.arrayContaining(['memory', 'ONNX, webgpu', 'ONNX, cuda', 'ONNX, coreml', 'ONNX, dml', 'node-av', 'ffmpeg']),
    )
    for (const { status: found, detail } of report.checks) if (found === 'absent') expect(detail).not.toBe('')
  })

  test.each([
    ['20.20.2', 'fail'],
    ['22.17.9', 'fail'],
    ['22.18.0', 'ok'],
    ['24.0.0', 'ok'],
  ])('Node.js %s: %s', (version, status) => {
    expect(nodeCheck(version).status).toBe(status)
  })

  test('without ONNX Runtime on the CPU, or without any video program, it fails and says what to do', () => {
    const missing = { available: false, reason: 'it is not there' }
    const [cpu, cuda] = engineChecks({
      version: '1.2.3',
      devices: [
        { device: 'cpu', ...missing },
        { device: 'cuda', ...missing },
      ],
    })
    expect(cpu).toMatchObject({
      status: 'fail',
      detail: 'it is not there',
      hint: expect.stringContaining('install Kinora again') as string,
    })
    expect(cuda).toMatchObject({ status: 'absent' })
    const [nodeAv, ffmpeg, sharp] = mediaChecks([
      { name: 'node-av', version: '', ...missing },
      { name: 'ffmpeg', version: '', ...missing },
      { name: 'sharp', version: '1', available: true },
    ])
    expect([nodeAv?.status, ffmpeg?.status, sharp?.status]).toEqual(['fail', 'fail', 'ok'])
    const one = mediaChecks([
      { name: 'node-av', version: '', ...missing },
      { name: 'ffmpeg', version: '5', available: true },
    ])
    expect(one.map(({ status }) => status)).toEqual(['absent', 'ok'])
  })
})
