// Many questions, one query: who asks while a query runs is answered by the next one, together with all others who
// asked meanwhile. An answer is therefore never older than its question.

/** `read` is called with different keys, once at a time; a key it leaves out is answered with undefined. */
export function batched<V>(read: (keys: readonly string[]) => Promise<ReadonlyMap<string, V>>): (key: string) => Promise<V | undefined> {
  let next: { keys: Set<string>; answers: Promise<ReadonlyMap<string, V>> } | undefined
  let running: Promise<unknown> = Promise.resolve()

  function nextBatch() {
    const keys = new Set<string>()
    const answers = running.then(() => {
      next = undefined
      return read([...keys])
    })
    running = answers.catch(() => {})
    next = { keys, answers }
    return next
  }

  return async (key) => {
    const { keys, answers } = next ?? nextBatch()
    keys.add(key)
    return (await answers).get(key)
  }
}
