// Every setting of the service, with its range, its default and a sentence that --help, --print-config's reader and the docs
// can show. Where values come from (flags, environment, a JSON file) is sources.ts.

import os from 'node:os'
import path from 'node:path'
import { z } from 'zod'

const name = z.string().regex(/^[a-z0-9][a-z0-9._/-]{0,99}$/i, 'letters, digits and . _ - / only')
const count = (least: number, most: number) => z.number().int().min(least).max(most)
const orNone = <T extends z.ZodType>(type: T) => type.nullable().default(null)

const modelConfig = z.strictObject({
  name: name.describe('what requests call it'),
  source: z.string().min(1).describe('a folder, a model of the hub, or `demo` for the bundled one'),
  variant: z.string().optional().describe('fp16 reads *.fp16.safetensors'),
  fast: z.boolean().optional().describe('few steps without guidance, by an adapter made for ms-1.7b'),
  defaults: z
    .strictObject({
      width: count(8, 8192),
      height: count(8, 8192),
      num_frames: count(1, 10_000),
      num_inference_steps: count(1, 1000),
      guidance_scale: z.number().min(0).max(100),
      strength: z.number().min(0.001).max(1),
      fps: z.number().min(1).max(60),
      negative_prompt: z.string().max(10_000),
      scheduler: z.string().min(1),
    })
    .partial()
    .optional()
    .describe('of requests that say nothing, instead of its own'),
})

const loraConfig = z.strictObject({ name, source: z.string().min(1) })

export const configSchema = z.strictObject({
  host: z.string().default('127.0.0.1').describe('address to listen at; 0.0.0.0 for all'),
  port: count(0, 65_535).default(7860).describe('port to listen at; 0 takes a free one'),
  publicUrl: orNone(z.url()).describe('where browsers find the service, when a proxy stands before it; https there makes cookies Secure'),
  trustProxy: count(0, 10).default(0).describe('proxies in front, whose X-Forwarded-For is believed'),
  data: z.string().min(1).default(path.join(os.homedir(), '.kinora')).describe('folder of the database and the videos'),
  databaseUrl: orNone(z.string().regex(/^postgres(ql)?:\/\//, 'postgres://USER:PASSWORD@HOST/DATABASE')).describe(
    'PostgreSQL instead of the embedded database',
  ),
  storage: orNone(z.string().regex(/^s3:\/\//, 's3://BUCKET/PREFIX?endpoint=URL&region=NAME')).describe(
    'S3 instead of the data folder; keys come from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY',
  ),
  workers: count(0, 8).default(1).describe('generators in this process; 0 leaves the work to `kinora worker`'),
  auth: z.enum(['accounts', 'none']).default('accounts').describe('`none` asks nobody to log in; only on a loopback address'),
  adminUser: orNone(z.string()).describe('first administrator, made at the first start'),
  adminPassword: orNone(z.string()).describe('of that administrator; not needed again once there is one'),
  models: z
    .array(modelConfig)
    .min(1)
    .default([{ name: 'demo', source: 'demo' }])
    .describe('what can be asked for; the first is the default'),
  loras: z.array(loraConfig).default([]).describe('adapters that requests may add by name: {name, source}'),
  device: z.string().default('auto').describe('auto, cpu, webgpu, cuda, coreml or dml'),
  precision: z
    .enum(['auto', 'float32', 'float16', 'int8'])
    .default('auto')
    .describe('of the models; auto is float32 on a CPU and float16 on a GPU'),
  threads: orNone(count(1, 1024)).describe('of one operator; without it the physical cores that may be used'),
  memoryLimit: orNone(z.string()).describe('most memory of one generation, for example 8GiB'),
  drainSeconds: count(0, 86_400).default(600).describe('how long a job may still run after SIGTERM before another worker gets it'),
  limits: z
    .strictObject({
      queued: count(1, 100_000).default(500).describe('jobs that wait at a time, of everyone'),
      frames: count(1, 10_000).default(200).describe('of one video'),
      steps: count(1, 1000).default(150).describe('num_inference_steps of one video'),
      pixels: count(64, 8192 * 8192)
        .default(1024 * 576)
        .describe('width x height'),
      promptLength: count(1, 10_000).default(2000).describe('characters of a prompt'),
      uploadBytes: count(1, 2 ** 31)
        .default(100 * 2 ** 20)
        .describe('of one uploaded file'),
      uploadFrames: count(1, 10_000).default(600).describe('of one uploaded video'),
      uploadSeconds: count(1, 3600).default(60).describe('time to decode an upload'),
      uploadMemory: count(2 ** 28, 2 ** 36)
        .default(2 ** 31)
        .describe('bytes of the process that decodes it'),
      requestsPerMinute: count(1, 1_000_000).default(6000).describe('of one account or address'),
    })
    .prefault({}),
  quota: z
    .strictObject({
      queued: orNone(count(0, 100_000)).describe('waiting and running at a time, of one user'),
      perDay: orNone(count(0, 1_000_000)).describe('videos asked for within a day'),
      workPerDay: orNone(z.number().min(0)).describe('frames x pixels x steps asked for within a day'),
    })
    .prefault({}),
  retention: z
    .strictObject({
      days: orNone(z.number().positive().max(36_500)).describe('videos are removed this long after they were made'),
      bytes: orNone(z.number().positive()).describe('all videos together; the oldest go first'),
    })
    .prefault({}),
  moderation: z
    .strictObject({
      words: z.array(z.string().min(1)).default([]).describe('prompts with one of these words are refused'),
      url: orNone(z.url()).describe('asked about every prompt: POST {prompt, negative_prompt, model, user} answers {allowed, reason}'),
      seconds: count(1, 60).default(5).describe('how long to wait for that answer'),
      failOpen: z.boolean().default(false).describe('what is asked and gives no answer is allowed'),
    })
    .prefault({}),
  sessionHours: count(1, 24 * 365)
    .default(24 * 14)
    .describe('how long a browser stays logged in'),
  heartbeatSeconds: z.number().min(0.1).max(600).default(5).describe('how often a worker says that it lives'),
  lostAfterSeconds: z.number().min(0.3).max(3600).default(30).describe('a worker not heard of for so long has lost its job'),
  logLevel: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info').describe('of the log on standard error'),
})

/** The effective settings; every one has a value. */
export type Config = z.output<typeof configSchema>
export type ModelConfig = Config['models'][number]
