import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { EngineError } from '../errors.ts'
import { defaultThreads } from './threads.node.ts'

test('the variable, else fewer where not all processors may be used, else the choice of ONNX Runtime', () => {
  expect(defaultThreads({ KINORA_THREADS: '3' }, 2, 8)).toBe(3)
  expect(defaultThreads({}, 2, 8)).toBe(2)
  expect(defaultThreads({ KINORA_THREADS: '' }, 8, 8)).toBeUndefined()
})

test.each(['0', '-1', '1.5', 'many', ' 2', '10000'])('KINORA_THREADS=%s is refused', (KINORA_THREADS) => {
  expect(() => defaultThreads({ KINORA_THREADS })).toThrow(EngineError)
})

test.skipIf(process.platform !== 'linux')('a CPU mask is seen', () => {
  const code = `import { defaultThreads } from '${import.meta.resolve('./threads.node.ts')}'; console.log(defaultThreads({}, undefined, 9))`
  const said = execFileSync('taskset', ['-c', '0', process.execPath, '--input-type=module', '-e', code], { encoding: 'utf8' })
  expect(said.trim()).toBe('1')
})
