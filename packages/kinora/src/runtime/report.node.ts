// What the installed ONNX Runtime can do on this machine, for `kinora doctor`. Each device is tried
// with a model of one node, in an engine process of its own, since a driver may take the process down.

import { Graph } from '../onnx/graph.ts'
import { encodeModel } from '../onnx/model.ts'
import { Add } from '../onnx/ops.ts'
import { tensor } from '../tensor/tensor.ts'
import { openChildEngine } from './child-engine.node.ts'
import type { Device } from './devices.ts'
import { DEVICE_NEEDS, DEVICES } from './devices.ts'
import type { Engine } from './engine.ts'

export interface DeviceReport {
  readonly device: Device
  readonly available: boolean
  /** Why it is not. */
  readonly reason?: string
}

export interface EngineReport {
  /** ONNX Runtime's version; undefined when it does not start at all. */
  readonly version: string | undefined
  /** Every device that was asked for, in its order. */
  readonly devices: readonly DeviceReport[]
}

/** Starts one process per device that this build of ONNX Runtime has, a second or two in all. Never throws for a missing device. */
export async function engineReport(wanted: readonly Device[] = DEVICES): Promise<EngineReport> {
  const built = await probe((engine) => engine.backends())
  if (typeof built === 'string')
    return { version: undefined, devices: wanted.map((device) => ({ device, available: false, reason: built })) }
  const devices = await Promise.all(wanted.map((device) => tryDevice(device, built.devices)))
  return { version: built.version, devices }
}

async function tryDevice(device: Device, built: readonly string[]): Promise<DeviceReport> {
  if (!built.includes(device))
    return {
      device,
      available: false,
      reason: `this build of ONNX Runtime (${process.platform} ${process.arch}) has none; ${DEVICE_NEEDS[device]}`,
    }
  const sum = await probe(async (engine) => {
    const session = await engine.createSession(encodeModel(oneNode()), { device })
    return (await session.run({ x: tensor('float32', [1], new Float32Array([1])) })).sum?.data[0]
  })
  if (sum === 2) return { device, available: true }
  return { device, available: false, reason: typeof sum === 'string' ? sum : 'it computes 1 + 1 wrongly' }
}

/** What the work returns, or the words of its failure. */
async function probe<T>(work: (engine: Engine) => Promise<T>): Promise<T | string> {
  const engine = openChildEngine()
  try {
    return await work(engine)
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
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
