// Measures a checkpoint: generates a video for each of many prompts, measures what its pixels show, and prints the
// share of prompts shown as asked. The figures of the model card come from here.
//
//   node --conditions=kinora-dev packages/demo-model/scripts/evaluate.ts --prompts 66 --steps 12 --guidance 2 --verbose
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { DPMSolverMultistepScheduler, TextToVideoPipeline, tensor } from 'kinora'
import { type Agreement, agrees, parsePrompt } from '../test/measure/expectation.ts'
import { measureVideo } from '../test/measure/measure.ts'
import { caption, MOTIONS, names, type Scene, SHAPES } from '../test/measure/vocabulary.ts'
import { drawScenes } from './scenes.ts'

interface Result {
  readonly scene: Scene
  readonly agreement: Agreement
}

const { values } = parseArgs({
  options: {
    checkpoint: { type: 'string', default: fileURLToPath(new URL('../checkpoint', import.meta.url)) },
    prompts: { type: 'string', default: '66' },
    scenes: { type: 'string', default: '1' },
    seed: { type: 'string', default: '1000' },
    steps: { type: 'string', default: '12' },
    guidance: { type: 'string', default: '2' },
    dpm: { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
  },
})

/** Generates and measures one scene; video i of a run uses seed + i. */
async function evaluate(pipe: TextToVideoPipeline, scene: Scene, seed: number): Promise<Result> {
  const prompt = caption(scene)
  const { frames } = await pipe.generate({
    prompt,
    seed,
    numInferenceSteps: Number(values.steps),
    guidanceScale: Number(values.guidance),
  })
  const { path: _, ...shown } = measureVideo(tensor('float32', frames.shape.slice(1), frames.data))
  const agreement = agrees(parsePrompt(prompt), { ...shown, path: [] })
  if (values.verbose) console.log(agreement.all ? 'as asked' : 'differs ', seed, prompt, agreement.all ? '' : JSON.stringify(shown))
  return { scene, agreement }
}

function printShare(label: string, results: readonly Result[], quality: keyof Agreement): void {
  const right = results.filter(({ agreement }) => agreement[quality]).length
  const percent = results.length > 0 ? Math.round((100 * right) / results.length) : 0
  console.log(`${label.padEnd(18)} ${right}/${results.length} (${percent}%)`)
}

const scenes = drawScenes(Number(values.prompts), Number(values.scenes))
const pipe = await TextToVideoPipeline.fromPretrained(values.checkpoint, { variant: 'fp16' })
if (values.dpm) pipe.scheduler = DPMSolverMultistepScheduler.fromConfig(pipe.scheduler.config)
const started = performance.now()
const results: Result[] = []
for (const [i, scene] of scenes.entries()) results.push(await evaluate(pipe, scene, Number(values.seed) + i))
const seconds = (performance.now() - started) / 1000 / scenes.length
await pipe.dispose()

console.log(`${scenes.length} prompts, ${values.steps} steps, guidance ${values.guidance}, ${seconds.toFixed(1)} s each`)
for (const quality of ['color', 'background', 'size', 'shape', 'motion', 'all'] as const) printShare(quality, results, quality)
for (const name of names(MOTIONS)) {
  const those = results.filter(({ scene }) => scene.motion === name)
  printShare(`motion ${name}`, those, 'motion')
}
for (const name of names(SHAPES)) {
  const those = results.filter(({ scene }) => scene.shape === name)
  printShare(`shape ${name}`, those, 'shape')
}
