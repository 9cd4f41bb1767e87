// What users write, in TypeScript that Node runs as it is: each program makes a video of the demo model with the installed packages.
// Kept as text, since nothing of it is resolved in this repository.

export const LIBRARY = `
import { checkpoint, defaults } from '@kinora/demo-model'
import { readMetadata, readVideo, saveVideo, TextToVideoPipeline, type Video } from 'kinora'

const pipe = await TextToVideoPipeline.fromPretrained(checkpoint)
const video: Video = await pipe.generate({ prompt: 'a red circle growing on a black background', seed: 7, numInferenceSteps: 2 })
await saveVideo(video, 'library.mp4', { fps: defaults.fps })
await pipe.dispose()
const { frames } = await readVideo('library.mp4')
console.log(JSON.stringify({ shape: frames.shape, seed: (await readMetadata('library.mp4'))?.seed }))
`

export const SERVER = `
import { type RunningService, loadConfig, serve } from '@kinora/server'

const config = loadConfig({ flags: { port: '0', auth: 'none', data: 'data' } })
const service: RunningService = await serve(config)
await service.ready
const answer = await fetch(new URL('/health', service.url))
console.log(JSON.stringify({ status: answer.status }))
await service.close()
`

export const AI_SDK = `
import { writeFileSync } from 'node:fs'
import { createKinora } from '@kinora/ai-sdk'
import { experimental_generateVideo as generateVideo } from 'ai'

const kinora = createKinora({ baseURL: process.argv[2] ?? '', onProgress: ({ percent }) => console.error(percent) })
const { video } = await generateVideo({
  model: kinora.video('demo'),
  prompt: 'a red circle growing on a black background',
  seed: 7,
  providerOptions: { kinora: { numInferenceSteps: 2 } },
})
writeFileSync('ai-sdk.mp4', video.uint8Array)
console.log(video.mediaType)
`

export const AI_SDK_LOCAL = `
import { writeFileSync } from 'node:fs'
import { createLocalKinora } from '@kinora/ai-sdk/local'
import { experimental_generateVideo as generateVideo } from 'ai'

const kinora = createLocalKinora()
const { video } = await generateVideo({
  model: kinora.video('demo'),
  prompt: 'a red circle growing on a black background',
  providerOptions: { kinora: { numInferenceSteps: 2 } },
})
writeFileSync('local.mp4', video.uint8Array)
await kinora.dispose()
console.log(video.mediaType)
`

export const MCP = `
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'

const client = new Client({ name: 'consumer', version: '1.0.0' })
await client.connect(new StdioClientTransport({ command: 'npx', args: ['kinora', 'mcp', '--output', 'videos'], env: process.env as Record<string, string> }))
const { tools } = await client.listTools()
const notes: number[] = []
const answer = await client.callTool(
  { name: 'generate_video', arguments: { prompt: 'a red circle growing on a black background', num_inference_steps: 2 } },
  undefined,
  { onprogress: ({ progress }) => notes.push(progress) },
)
await client.close()
console.log(JSON.stringify({ tools: tools.map(({ name }) => name), notes: notes.length, made: answer.structuredContent }))
`
