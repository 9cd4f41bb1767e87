// `kinora models pull`: downloads, with one bar for all files of a model.

import { pullModel } from 'kinora'
import type { ModelFlags } from './commands/models.ts'
import { bytes } from './format.ts'
import { createReporter } from './reporters/reporter.ts'

export async function pullModels(names: readonly string[], { variant, json = false }: ModelFlags, signal: AbortSignal): Promise<void> {
  const reporter = createReporter(json)
  try {
    for (const name of names) {
      const pulled = await pullModel(name, {
        signal,
        ...(variant !== undefined && { variant }),
        onProgress: ({ overallBytes, overallTotal }) =>
          reporter.progress({ phase: 'downloading', step: overallBytes, total: overallTotal }),
      })
      reporter.stop()
      const { path, bytes: size, downloaded, missing, problem } = pulled
      if (problem !== undefined) reporter.warning(problem)
      if (missing.length > 0) reporter.warning(`${name} lacks ${missing.join(', ')}`)
      if (json) process.stdout.write(`${JSON.stringify({ event: 'pulled', ...pulled })}\n`)
      else process.stderr.write(`${name}: ${bytes(size)}${downloaded === 0 ? ', was here already' : ''}\n`)
      if (!json) process.stdout.write(`${path}\n`)
    }
  } finally {
    reporter.stop()
  }
}
