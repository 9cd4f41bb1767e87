// Which videos are being looked at: of these, nobody needs to be told that they are done.

const shown = new Map<string, number>()

/** Gives back what ends it. */
export function putOnStage(id: string): () => void {
  shown.set(id, (shown.get(id) ?? 0) + 1)
  return () => {
    const left = (shown.get(id) ?? 0) - 1
    if (left > 0) shown.set(id, left)
    else shown.delete(id)
  }
}

export function isOnStage(id: string): boolean {
  return shown.has(id)
}
