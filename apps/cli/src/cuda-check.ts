// What a machine lacks for --device cuda, asked of the dynamic loader: which libraries ONNX Runtime's CUDA part does not find,
// and which package has them. The last check is a sum on the card itself.

import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { engineReport } from 'kinora'
import { type Check, engineChecks } from './doctor.ts'
import { type CudaPlace, cudaLibraries } from './install-cuda.ts'

const run = promisify(execFile)

/** What has a library of that name, the first that fits. Debian's and Ubuntu's names are those of NVIDIA's own repository. */
const SOURCES: readonly (readonly [RegExp, string])[] = [
  [/^libcudnn/, 'install cuDNN 9 for CUDA 12 (Debian, Ubuntu: libcudnn9-cuda-12)'],
  [
    /^lib(cu|nv)/,
    'install CUDA 12 (Debian, Ubuntu: cuda-cudart-12-9 libcublas-12-9 libcufft-12-9 libcurand-12-9); if it is there, name its folder in LD_LIBRARY_PATH',
  ],
  [/^libonnxruntime/, 'install Kinora again: ONNX Runtime belongs to it'],
]

/** Throws Failure where ONNX Runtime has no CUDA. */
export async function cudaChecks(place: CudaPlace): Promise<Check[]> {
  const provider = cudaLibraries(place).files.find((file) => file.includes('providers_cuda'))!
  const [missing, driver, report] = await Promise.all([missingLibraries(provider), driverCheck(), engineReport(['cuda'])])
  return [driver, ...libraryChecks(missing), ...engineChecks(report)]
}

/** Names that the loader does not find, for a file and all that it needs. */
export async function missingLibraries(file: string): Promise<string[]> {
  const { stdout } = await run('ldd', [file], { env: { ...process.env, LC_ALL: 'C' } })
  return [...stdout.matchAll(/^\s*(\S+) => not found$/gm)].map(([, name]) => name!)
}

export function libraryChecks(missing: readonly string[]): Check[] {
  if (missing.length === 0) return [{ name: 'CUDA and cuDNN', status: 'ok', detail: 'every library is found' }]
  return missing.map((name) => {
    const hint = SOURCES.find(([pattern]) => pattern.test(name))?.[1]
    return { name, status: 'fail', detail: 'the dynamic loader does not find it', ...(hint !== undefined && { hint }) }
  })
}

async function driverCheck(): Promise<Check> {
  const name = 'NVIDIA driver'
  const version = await readFile('/proc/driver/nvidia/version', 'utf8').catch(() => undefined)
  if (version !== undefined) return { name, status: 'ok', detail: version.split('\n')[0]!.trim() }
  return {
    name,
    status: 'fail',
    detail: 'not loaded',
    hint: "install the driver, from the distribution or from NVIDIA's repository, and restart",
  }
}
