// Names of devices as users write them, and ONNX Runtime's execution provider for each.

import { ArgumentError } from '../errors.ts'

export const DEVICES = ['cpu', 'webgpu', 'cuda', 'coreml', 'dml'] as const

export type Device = (typeof DEVICES)[number]

/** `auto` takes the CPU, the one device that every parity figure is measured on. */
export function chooseDevice(name: string): Device {
  if (name === 'auto') return 'cpu'
  const device = DEVICES.find((known) => known === name)
  if (!device) throw new ArgumentError(`device is "${name}"; use auto, ${DEVICES.join(', ')}`)
  return device
}
