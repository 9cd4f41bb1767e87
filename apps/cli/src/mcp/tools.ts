// The tools: what an assistant reads of them, and what each does. Every failure becomes an answer with one sentence, from which
// the assistant can go on.

import { basename } from 'node:path'
import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { readMetadata } from 'kinora'
import type { McpFlags } from '../commands/mcp.ts'
import { UsageError } from '../errors.ts'
import { bytes } from '../format.ts'
import { VERSION } from '../version.ts'
import { resultOf, sentenceOf, structured, told } from './answers.ts'
import { fileIn } from './files.ts'
import { absentModels, DEMO, offeredModels, pickModel } from './models.ts'
import { progressSender } from './progress.ts'
import { generateInput, generateOutput, modelsOutput, settingsInput, settingsOutput, statusOutput } from './schemas.ts'
import type { Studio } from './studio.ts'

interface Needs {
  readonly studio: Studio
  readonly output: string
  readonly flags: McpFlags
  /** Ends everything. */
  readonly signal: AbortSignal
}

const READS = { readOnlyHint: true, openWorldHint: false } as const

export function addTools(server: McpServer, needs: Needs): void {
  addGenerate(server, needs)
  addModels(server, needs)
  addStatus(server, needs)
  addSettings(server, needs)
}

function addGenerate(server: McpServer, { studio, flags, signal }: Needs): void {
  server.registerTool(
    'generate_video',
    {
      title: 'Generate a video',
      description:
        'Makes a short silent video from an English prompt on this machine and writes it to a file. It takes seconds with the ' +
        'demo model and minutes to hours with a large one, by size, frames and steps. The demo model draws moving coloured shapes ' +
        'only, such as "a big yellow triangle falling on a navy background".',
      inputSchema: generateInput,
      outputSchema: generateOutput,
      annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false },
    },
    (input, { signal: cancelled, _meta, sendNotification }) =>
      told(async () => {
        const model = pickModel(await offeredModels(flags.model), input.model)
        const tell = progressSender(_meta?.progressToken, sendNotification)
        const made = await studio.make(input, model, { signal: AbortSignal.any([cancelled, signal]), tell })
        const result = resultOf(input, made, model.name)
        const { uri, media_type: mimeType } = result
        return {
          content: [
            { type: 'text', text: sentenceOf(result) },
            { type: 'resource_link', uri, name: basename(result.path), title: input.prompt, mimeType, size: result.bytes },
          ],
          structuredContent: result,
        }
      }),
  )
}

function addModels(server: McpServer, { flags }: Needs): void {
  server.registerTool(
    'list_models',
    {
      title: 'List models',
      description: 'The models that generate_video can take, those that could be fetched for it, and the licence of each.',
      outputSchema: modelsOutput,
      annotations: READS,
    },
    () =>
      told(async () => {
        const offered = await offeredModels(flags.model)
        const here = offered.map(({ name, preset }) => ({ name, preset, available: true, how_to_get: null }))
        const others = absentModels(offered).map((preset) => {
          const size = preset.downloadBytes === undefined ? '' : `, ${bytes(preset.downloadBytes)}`
          return { name: preset.name, preset, available: false, how_to_get: `kinora models pull ${preset.name}${size}` }
        })
        const models = [...here, ...others].map(({ preset, ...model }) => ({
          ...model,
          title: preset?.title ?? (model.name === DEMO ? 'Demo model: moving coloured shapes' : model.name),
          license: preset?.license ?? (model.name === DEMO ? 'apache-2.0' : null),
          license_note: preset?.licenseNote ?? null,
          width: preset?.width ?? null,
          height: preset?.height ?? null,
          num_frames: preset?.numFrames ?? null,
          num_inference_steps: preset?.numInferenceSteps ?? null,
        }))
        return structured({ default: offered[0]!.name, models })
      }),
  )
}

function addStatus(server: McpServer, { studio, output, flags }: Needs): void {
  server.registerTool(
    'status',
    {
      title: 'Status',
      description: 'What is being made and how far it is, what waits, which model is in memory, and where videos are written.',
      outputSchema: statusOutput,
      annotations: READS,
    },
    () =>
      told(async () => {
        const { running, waiting, loaded, peakBytes } = studio.state()
        return structured({
          version: VERSION,
          output,
          device: flags.device === undefined || flags.device === 'auto' ? 'cpu' : flags.device,
          loaded_model: loaded ?? null,
          running: running
            ? {
                prompt: running.prompt,
                percent: Math.floor(100 * running.share),
                phase: running.phase,
                step: running.step,
                total: running.total,
                seconds: (performance.now() - running.since) / 1000,
              }
            : null,
          waiting,
          memory: { free_bytes: process.availableMemory(), engine_peak_bytes: peakBytes ?? null },
        })
      }),
  )
}

function addSettings(server: McpServer, { output }: Needs): void {
  server.registerTool(
    'get_video_settings',
    {
      title: 'Settings of a video',
      description: 'The prompt, seed and settings that a video of the output folder was made with, as they are stored in its file.',
      inputSchema: settingsInput,
      outputSchema: settingsOutput,
      annotations: READS,
    },
    ({ file }) =>
      told(async () => {
        const path = await fileIn(output, file)
        const settings = await readMetadata(path)
        if (!settings) throw new UsageError(`${path} carries no settings`, 'it was not made by Kinora, or was converted since')
        return structured({ path, settings })
      }),
  )
}
