// A program that pulls a model and prints what became of it as JSON: tests run several of it at once, and kill it.
// Arguments: the model, and the options as JSON.

import { pullModel } from '../../src/checkpoint/hub/hub.node.ts'
import type { PullOptions } from '../../src/checkpoint/hub/hub.ts'

const [spec = '', options = '{}'] = process.argv.slice(2)
const states = new Set<string>()
const onProgress: PullOptions['onProgress'] = ({ state, overallBytes }) => {
  if (!states.has(state)) console.log(JSON.stringify({ state, overallBytes }))
  states.add(state)
}
const pulled = await pullModel(spec, { ...(JSON.parse(options) as PullOptions), onProgress })
console.log(JSON.stringify({ pulled }))
