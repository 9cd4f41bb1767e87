// The real `experimental_generateVideo` of the AI SDK against a real service: queue, worker, engine, files.

import { APICallError } from '@ai-sdk/provider'
import { createProviderRegistry, experimental_generateVideo, experimental_getVideoStatus, experimental_startVideo } from 'ai'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startService, type TestService } from '../../../apps/server/test/support/service.ts'
import { kinora as byEnvironment, createKinora, type KinoraProgress, type KinoraProvider } from './index.ts'

interface Shown {
  readonly id: string
  readonly status: string
  readonly seed: number
  readonly error: { readonly code: string } | null
  readonly remixed_from_video_id: string | null
  readonly task: string
}

const QUICK = { kinora: { numInferenceSteps: 2, numFrames: 2 } }
const seen: { method: string; path: string; headers: Headers }[] = []
const told: KinoraProgress[] = []
const PATIENT = { timeout: 30_000 }
let service: TestService
let kinora: KinoraProvider

beforeAll(async () => {
  globalThis.AI_SDK_LOG_WARNINGS = false
  service = await startService()
  kinora = createKinora({
    baseURL: `${service.url}/v1/`,
    apiKey: service.key,
    headers: { 'x-tenant': 'studio' },
    pollIntervalMs: 50,
    onProgress: (progress) => told.push(progress),
    fetch: (url, init) => {
      seen.push({ method: init?.method ?? 'GET', path: pathOf(url), headers: new Headers(init?.headers) })
      return fetch(url, init)
    },
  })
})
afterAll(() => service?.close())

const json = async <T>(at: string): Promise<T> => (await (await service.fetch(at)).json()) as T
const listed = async () => (await json<{ data: Shown[] }>('/v1/videos?limit=100')).data
const pathOf = (url: string | URL | Request) => new URL(url instanceof Request ? url.url : url).pathname
const isMp4 = (bytes: Uint8Array) => Buffer.from(bytes.subarray(4, 8)).toString() === 'ftyp'
const failure = (work: PromiseLike<unknown>): Promise<unknown> =>
  Promise.resolve(work).then(
    () => undefined,
    (error: unknown) => error,
  )

describe('generateVideo', () => {
  test('makes a video, and says what made it', async () => {
    const result = await experimental_generateVideo({
      model: kinora.video('tiny'),
      prompt: 'a red circle',
      resolution: '64x64',
      fps: 4,
      duration: 1,
      seed: 7,
      headers: { 'x-call': 'one' },
      providerOptions: {
        kinora: { numInferenceSteps: 2, guidanceScale: 5, negativePrompt: 'blue', scheduler: 'dpm++2m' },
      },
    })
    expect(isMp4(result.video.uint8Array)).toBe(true)
    expect(result.video.mediaType).toBe('video/mp4')
    expect(result.warnings).toEqual([])
    expect(result.providerMetadata.kinora?.videos).toEqual([
      {
        id: expect.stringMatching(/^video_/) as string,
        model: 'tiny',
        task: 'generate',
        seed: 7,
        width: 64,
        height: 64,
        numFrames: 4,
        fps: 4,
        duration: 1,
        negativePrompt: 'blue',
        numInferenceSteps: 2,
        guidanceScale: 5,
        scheduler: 'dpm++2m',
      },
    ])
    const [response] = result.responses
    expect(response).toMatchObject({ modelId: 'tiny', timestamp: expect.any(Date) as Date })
    expect(response?.headers?.['x-request-id']).toMatch(/^req_/)
    const created = seen.find(({ method }) => method === 'POST')!.headers
    expect(created.get('user-agent')).toMatch(/ai\/7\S* kinora-ai-sdk/)
    expect([created.get('x-tenant'), created.get('x-call')]).toEqual(['studio', 'one'])
    expect(created.get('idempotency-key')).toMatch(/^kinora_ai_sdk_/)
    expect(told.length).toBeGreaterThan(0)
    expect(told[0]).toMatchObject({ id: expect.stringMatching(/^video_/) as string, percent: expect.any(Number) as number })
  })

  test('n: 2 makes two videos with seeds that count up, in one call', async () => {
    const result = await experimental_generateVideo({
      model: kinora.videoModel('tiny'),
      prompt: 'a red circle',
      n: 2,
      seed: 40,
      providerOptions: QUICK,
    })
    expect(result.videos).toHaveLength(2)
    expect(result.videos[0]!.base64).not.toBe(result.videos[1]!.base64)
    expect(result.responses).toHaveLength(1)
    expect(result.providerMetadata.kinora?.videos).toMatchObject([{ seed: 40 }, { seed: 41 }])
  })

  test('warns of what it has no way for, and of what became something else', async () => {
    const { warnings, providerMetadata } = await experimental_generateVideo({
      model: kinora.video('tiny'),
      prompt: 'a red circle',
      aspectRatio: '16:9',
      duration: 0.3,
      generateAudio: true,
      providerOptions: { kinora: { numInferenceSteps: 2 } },
    })
    expect(warnings).toEqual([
      { type: 'unsupported', feature: 'generateAudio', details: 'the videos are silent' },
      { type: 'compatibility', feature: 'aspectRatio', details: expect.stringContaining('16:9 becomes 88x48') as string },
      { type: 'compatibility', feature: 'duration', details: '0.3 s become 0.25 s: 2 frames at 8 frames a second' },
    ])
    expect(providerMetadata.kinora?.videos).toMatchObject([{ width: 88, height: 48, numFrames: 2 }])
  })

  test('starts from a picture', async () => {
    const [{ id } = { id: '' }] = await listed()
    const image = new Uint8Array(await (await service.fetch(`/v1/videos/${id}/content?variant=thumbnail`)).arrayBuffer())
    const { providerMetadata, warnings } = await experimental_generateVideo({
      model: kinora.video('tiny'),
      prompt: { image, text: 'grass' },
      aspectRatio: 'adaptive',
      providerOptions: { kinora: { ...QUICK.kinora, strength: 0.9 } },
    })
    expect(providerMetadata.kinora?.videos).toMatchObject([{ task: 'extend', strength: 0.9 }])
    expect(warnings).toEqual([])
  })

  test.each(['edit', 'extend'] as const)('%s: starts from a video', async (task) => {
    const [{ id } = { id: '' }] = await listed()
    const data = new Uint8Array(await (await service.fetch(`/v1/videos/${id}/content`)).arrayBuffer())
    const { providerMetadata, warnings } = await experimental_generateVideo({
      model: kinora.video('tiny'),
      prompt: 'snow',
      inputReferences: [data, { data: new Uint8Array([1, 2, 3]), mediaType: 'image/png' }],
      aspectRatio: '1:1',
      providerOptions: { kinora: { numInferenceSteps: 2, ...(task === 'extend' && { task, numFrames: 2 }) } },
    })
    expect(providerMetadata.kinora?.videos).toMatchObject([{ task }])
    expect(warnings).toMatchObject([
      { type: 'unsupported', feature: 'inputReferences' },
      { type: 'unsupported', feature: 'aspectRatio' },
    ])
  })

  test('an abort cancels the video at the service', async () => {
    const controller = new AbortController()
    const started = performance.now()
    const generating = experimental_generateVideo({
      model: kinora.video('tiny'),
      prompt: 'a long one',
      n: 2,
      abortSignal: controller.signal,
      providerOptions: { kinora: { numInferenceSteps: 150, numFrames: 64 } },
    })
    const failed = failure(generating)
    await expect.poll(async () => (await listed()).filter(({ status }) => status === 'in_progress').length, PATIENT).toBe(1)
    controller.abort()
    expect(await failed).toMatchObject({ name: 'AbortError' })
    expect(performance.now() - started).toBeLessThan(30_000)
    await expect
      .poll(async () => (await listed()).slice(0, 2).map(({ status, error }) => [status, error?.code]), PATIENT)
      .toEqual([
        ['failed', 'cancelled'],
        ['failed', 'cancelled'],
      ])
  })
})

describe('refusals', () => {
  test("are the SDK's errors with the service's sentence", async () => {
    const refused = await failure(
      experimental_generateVideo({ model: kinora.video('tiny'), prompt: 'a red circle', resolution: '63x64', n: 2 }),
    )
    expect(APICallError.isInstance(refused)).toBe(true)
    expect(refused).toMatchObject({
      message: expect.stringMatching(/the size is 63x64; .*for example 56x64 or 64x64/) as string,
      statusCode: 400,
      isRetryable: false,
    })
    const unknown = await failure(experimental_generateVideo({ model: kinora.video('none'), prompt: 'a' }))
    expect(unknown).toMatchObject({ message: 'there is no model "none": take one of tiny', statusCode: 404 })
    const stranger = createKinora({ baseURL: service.url, apiKey: 'wrong' }).video('tiny')
    expect(await failure(experimental_generateVideo({ model: stranger, prompt: 'a' }))).toMatchObject({ statusCode: 401 })
  })

  test('options that are misspelt are found before anything is sent', async () => {
    const before = seen.length
    const generating = experimental_generateVideo({
      model: kinora.video('tiny'),
      prompt: 'a',
      providerOptions: { kinora: { numInferenceStep: 2 } },
    })
    expect(await failure(generating)).toMatchObject({ message: expect.stringContaining('invalid kinora provider options') as string })
    expect(seen.length).toBe(before)
  })

  test('other kinds of models are refused, and a service that nobody named is asked for', async () => {
    expect(() => kinora.languageModel('tiny')).toThrow('Kinora makes videos: take kinora.video("tiny")')
    expect(await failure(experimental_generateVideo({ model: byEnvironment.video('tiny'), prompt: 'a' }))).toMatchObject({
      message: expect.stringContaining('KINORA_BASE_URL') as string,
    })
  })
})

describe('a connection that breaks', () => {
  test('costs neither the video nor a second one', async () => {
    const broken = new Set<string>()
    const once = (what: string) => !broken.has(what) && broken.add(what)
    const unsteady = createKinora({
      baseURL: service.url,
      apiKey: service.key,
      pollIntervalMs: 20,
      fetch: async (url, init) => {
        const response = await fetch(url, init)
        const pathname = pathOf(url)
        const what = pathname.endsWith('/content') ? 'content' : (init?.method ?? 'GET')
        if (once(what)) throw new TypeError('fetch failed', { cause: new Error('the connection was reset') })
        return response
      },
    })
    const before = (await listed()).length
    const { video } = await experimental_generateVideo({ model: unsteady.video('tiny'), prompt: 'a red circle', providerOptions: QUICK })
    expect(isMp4(video.uint8Array)).toBe(true)
    expect([...broken]).toEqual(['POST', 'GET', 'content'])
    expect((await listed()).length).toBe(before + 1)
  })
})

describe('startVideo', () => {
  test('starts now and is looked at later, through a registry and the environment as well', async () => {
    Object.assign(process.env, { KINORA_BASE_URL: service.url, KINORA_API_KEY: service.key })
    const model = createProviderRegistry({ kinora: byEnvironment }).videoModel('kinora:tiny')
    const { operation } = await experimental_startVideo({ model, prompt: 'a red circle', n: 2, seed: 1, providerOptions: QUICK })
    const stored = JSON.parse(JSON.stringify(operation)) as typeof operation
    await expect.poll(async () => (await experimental_getVideoStatus(model, { operation: stored })).status, PATIENT).toBe('completed')
    const status = await experimental_getVideoStatus(model, { operation: stored })
    expect(status).toMatchObject({
      videos: [{ type: 'binary' }, { type: 'binary' }],
      providerMetadata: { kinora: { videos: [{ seed: 1 }, { seed: 2 }] } },
    })
    const polled = await experimental_generateVideo({ model, prompt: 'a red circle', providerOptions: QUICK, poll: { intervalMs: 50 } })
    expect(isMp4(polled.video.uint8Array)).toBe(true)
    expect(await failure(experimental_getVideoStatus(model, { operation: 'video_1' }))).toMatchObject({
      message: expect.stringContaining('operation is none of Kinora') as string,
    })
    delete process.env.KINORA_BASE_URL
    delete process.env.KINORA_API_KEY
  })
})
