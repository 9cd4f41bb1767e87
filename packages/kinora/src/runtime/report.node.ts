// What the installed ONNX Runtime can do on this machine, for `kinora doctor`. Each device is tried
// with a model of one node, in an engine process of its own, since a driver may take the process down.

import { env } from 'onnxruntime-node'
import { Graph } from '../onnx/graph.ts'
import { encodeModel } from '../onnx/model.ts'
import { Add } from '../onnx/ops.ts'
import { tensor } from '../tensor/tensor.ts'
import { openChildEngine } from './child-engine.node.ts'
import type { Device } from './devices.ts'
import { DEVICES } from './devices.ts'

export interface DeviceReport {
  readonly device: Device
  readonly available: boolean
  /** Why it is not. */
  readonly reason?: string
}

export interface EngineReport {
  /** ONNX Runtime's version. */
  readonly version: string
  /** Every device that Kinora knows, in its order. */
  readonly devices: readonly DeviceReport[]
}

/** Starts one process per device that this build of ONNX Runtime has, a second or two in all. Never throws for a missing device. */
export async function engineReport(): Promise<EngineReport> {
  const built = await builtDevices()
  const devices = await Promise.all(DEVICES.map((device) => tryDevice(device, built)))
  return { version: env.versions.node ?? env.versions.common, devices }
}

/** Names, or the reason why ONNX Runtime does not start at all. */
async function builtDevices(): Promise<readonly string[] | string> {
  const engine = openChildEngine()
  try {
    return await engine.backends()
  } catch (error) {
    return words(error)
  } finally {
    await engine.dispose()
  }
}

async function tryDevice(device: Device, built: readonly string[] | string): Promise<DeviceReport> {
  if (typeof built === 'string') return { device, available: false, reason: built }
  if (!built.includes(device))
    return { device, available: false, reason: `this build of ONNX Runtime (${process.platform} ${process.arch}) has none` }
  const engine = openChildEngine()
  try {
    const session = await engine.createSession(encodeModel(oneNode()), { device })
    const { sum } = await session.run({ x: tensor('float32', [1], new Float32Array([1])) })
    return sum?.data[0] === 2 ? { device, available: true } : { device, available: false, reason: 'it computes 1 + 1 wrongly' }
  } catch (error) {
    return { device, available: false, reason: words(error) }
  } finally {
    await engine.dispose()
  }
}

function oneNode(): Graph {
  const g = Graph.create('probe')
  const x = g.input('x', 'float32', [1])
  g.output('sum', Add(g, x, x))
  return g
}

/** One line, without the C++ expression that failed. */
function words(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  return text
    .replace(/^ONNX Runtime: |^.*? was false\. /s, '')
    .replaceAll(/\s+/g, ' ')
    .trim()
}
