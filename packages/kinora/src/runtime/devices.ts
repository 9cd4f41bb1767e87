// Names of devices as users write them, which are ONNX Runtime's execution providers too, and what each
// needs of a machine.

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

/** What to do where a device does not work, continuing a sentence. */
export const DEVICE_NEEDS: Readonly<Record<Device, string>> = {
  cpu: 'install Kinora again: ONNX Runtime belongs to it',
  webgpu:
    'webgpu needs a graphics driver; on Linux one for Vulkan, newer than Mesa 22.3: the package mesa-vulkan-drivers, or the one of the maker',
  cuda:
    "cuda needs Linux x64, an NVIDIA driver, CUDA 12 with cuDNN 9, and ONNX Runtime's libraries for it: " +
    'kinora doctor --install-cuda fetches them, beside @kinora/cli',
  coreml: 'coreml needs macOS on Apple silicon',
  dml: 'dml needs Windows',
}
