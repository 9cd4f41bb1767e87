// Whether a test can use the webgpu device: it needs a graphics driver, which a test machine may lack.

import { engineReport } from '../../src/runtime/report.node.ts'

/** Says why not, so that skipped tests are no riddle. */
export async function hasWebGpu(): Promise<boolean> {
  const { devices } = await engineReport(['webgpu'])
  const webgpu = devices.find(({ device }) => device === 'webgpu')
  if (webgpu?.available !== true) console.warn(`tests on webgpu are skipped: ${webgpu?.reason ?? 'not reported'}`)
  return webgpu?.available === true
}
