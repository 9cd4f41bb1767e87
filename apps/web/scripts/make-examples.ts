// Makes the gallery's videos with the bundled demo model: public/examples/NAME.mp4, which carries its settings as every video
// of Kinora does, NAME.webp from its middle, and src/examples/examples.json. The same seeds make the same videos. The prompts
// were chosen by looking: each video shows what its prompt says.
//
//   node --conditions=kinora-dev apps/web/scripts/make-examples.ts

import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { checkpoint, defaults } from '@kinora/demo-model'
import { saveVideo, TextToVideoPipeline, tensor, type Video } from 'kinora'

const SHOWN: readonly { readonly name: string; readonly prompt: string; readonly seed: number }[] = [
  { name: 'pink-star-surfing', prompt: 'a big pink star surfing a wave on a navy background', seed: 1032 },
  { name: 'purple-cross-growing', prompt: 'a purple cross growing on a white background', seed: 1 },
  { name: 'yellow-circle-rising', prompt: 'a big yellow circle rising on a navy background', seed: 1 },
  { name: 'blue-ring-falling', prompt: 'a big blue ring falling on a gray background', seed: 1 },
  { name: 'white-ring-surfing', prompt: 'a big white ring surfing a wave on a brown background', seed: 1 },
  { name: 'green-star-growing', prompt: 'a green star growing on a black background', seed: 1039 },
  { name: 'orange-ring-rising', prompt: 'a big orange ring moving up on a gray background', seed: 1002 },
  { name: 'cyan-star-moving-left', prompt: 'a big cyan star moving left on a navy background', seed: 1 },
  { name: 'purple-square-falling', prompt: 'a purple square moving down on a brown background', seed: 1058 },
  { name: 'red-triangle-surfing', prompt: 'a red triangle surfing a wave on a black background', seed: 1 },
  { name: 'pink-circle-shrinking', prompt: 'a pink circle shrinking on a gray background', seed: 1 },
  { name: 'red-cross-falling', prompt: 'a big red cross falling on a black background', seed: 1 },
]

const FOLDER = new URL('../public/examples/', import.meta.url)
const LIST = new URL('../src/examples/examples.json', import.meta.url)
const { version } = JSON.parse(readFileSync(new URL(import.meta.resolve('kinora/package.json')), 'utf8')) as { version: string }

mkdirSync(FOLDER, { recursive: true })
const pipe = await TextToVideoPipeline.fromPretrained(checkpoint, { variant: 'fp16' })
const entries: object[] = []
for (const { name, prompt, seed } of SHOWN) {
  const { numFrames, numInferenceSteps, guidanceScale } = defaults
  const video = await pipe.generate({ prompt, seed, numFrames, numInferenceSteps, guidanceScale })
  await save(video, name, prompt)
  entries.push(entryOf(video, name, prompt))
  console.log(`${name}: ${prompt}`)
}
await pipe.dispose()
for (const file of readdirSync(FOLDER)) {
  if (!SHOWN.some(({ name }) => file === `${name}.mp4` || file === `${name}.webp`)) rmSync(new URL(file, FOLDER))
}
writeFileSync(LIST, `${JSON.stringify(entries, null, 2)}\n`)

/** The metadata is what the service writes (apps/server/src/worker/metadata.ts), so that dropping an example restores its settings. */
async function save({ frames, settings }: Video, name: string, prompt: string): Promise<void> {
  const [, count = 0, height = 0, width = 0] = frames.shape
  const metadata = { kinora: version, model: '@kinora/demo-model', ...settings, prompt, negativePrompt: '', fps: defaults.fps }
  const video = tensor('float32', frames.shape.slice(1), frames.data) // [F, H, W, 3]
  await saveVideo(video, place(`${name}.mp4`), { fps: defaults.fps, metadata })
  const picture = height * width * 3
  const middle = Math.floor(count / 2) * picture
  const still = tensor('float32', [1, height, width, 3], frames.data.slice(middle, middle + picture))
  await saveVideo(still, place(`${name}.webp`), { metadata: false })
}

/** In the API's names, as the form takes them. */
function entryOf({ settings }: Video, name: string, prompt: string): object {
  const { seed, numInferenceSteps, guidanceScale, numFrames, width, height } = settings
  return {
    video: `examples/${name}.mp4`,
    poster: `examples/${name}.webp`,
    settings: {
      prompt,
      seed,
      num_inference_steps: numInferenceSteps,
      guidance_scale: guidanceScale,
      num_frames: numFrames,
      fps: defaults.fps,
      width,
      height,
    },
  }
}

function place(name: string): string {
  return fileURLToPath(new URL(name, FOLDER))
}
