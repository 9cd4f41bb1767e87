// A program that starts a long run in its engine process and prints that process's number: the
// engine's tests kill it, to see whether the engine ends with it.

import { openEngine } from '../../src/runtime/engine.node.ts'
import { tensor } from '../../src/tensor/tensor.ts'
import { SLOW_SHAPE, slowToRun } from './heavy.ts'

const engine = await openEngine()
const session = await engine.createSession(slowToRun())
const running = session.run({ x: tensor('float32', SLOW_SHAPE) })
console.log(engine.pid)
await running
