// The modules that a page's TypeScript and JavaScript blocks make: each block one of its own, but for those that go on where the
// one before them ended, and files by name.

import type { Block } from './blocks.ts'

export interface Module {
  /** Of its file. */
  readonly name: string
  readonly text: string
  /** Of the block that begins it. */
  readonly line: number
  /** In the page's order. */
  readonly blocks: readonly Block[]
}

/** Throws for a block that goes on where there is nothing before it. */
export function modulesOf(blocks: readonly Block[]): Module[] {
  const chains: Block[][] = []
  for (const block of blocks.filter(({ kind }) => kind === 'module')) {
    if (!block.marks.continues) chains.push([block])
    else {
      const chain = chains.findLast(([first]) => first?.marks.file === undefined)
      if (!chain) throw new Error(`${block.page}:${block.line}: [continues], and no block before it is one that can go on`)
      chain.push(block)
    }
  }
  return chains.map((chain) => {
    const [{ marks, language, line }] = chain as [Block]
    return { name: marks.file ?? `block-${line}.${language}`, text: `${chain.map(({ text }) => text).join('\n')}\n`, line, blocks: chain }
  })
}
