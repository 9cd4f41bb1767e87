// A page's blocks as one script for bash, in their order: shell blocks as they are, modules by Node, files as files. Before each
// block it says on descriptor 3 where it is.

import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Block } from './blocks.ts'
import { modulesOf } from './modules.ts'

const SMALLER = fileURLToPath(new URL('./smaller.ts', import.meta.url))
const USUAL_PORT = /\b7860\b/g

export interface Script {
  readonly text: string
  /** How many blocks run in it, and how many of these with smaller generations. */
  readonly run: number
  readonly smaller: number
}

/** Writes the page's modules and files into `folder`. `port` takes the place of the service's usual one. */
export function scriptOf(blocks: readonly Block[], folder: string, port: number): Script {
  const usable = blocks.filter(({ marks }) => marks.notRun === undefined)
  const modules = modulesOf(usable)
  const parts = ['set -euo pipefail']
  let [run, smaller] = [0, 0]
  const write = (name: string, text: string) => {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true })
    writeFileSync(path.join(folder, name), text.replaceAll(USUAL_PORT, String(port)))
  }
  for (const block of usable) {
    const { kind, marks, text, line, hidden } = block
    if (kind === 'shown') continue
    if (marks.file !== undefined)
      write(marks.file, kind === 'module' ? (modules.find(({ blocks: [first] }) => first === block)?.text ?? '') : text)
    else if (kind === 'shell') parts.push(...said(line, marks.smaller), text.replaceAll(USUAL_PORT, String(port)))
    else if (kind === 'module') {
      const module = modules.find(({ blocks: own }) => own.at(-1) === block)
      if (module) {
        write(module.name, module.text)
        const preload = module.blocks.some((own) => own.marks.smaller !== undefined) ? `--import '${SMALLER}' ` : ''
        parts.push(...said(module.line, undefined), `node ${preload}${module.name}`)
      }
    } else continue
    if (hidden) continue
    run++
    if (marks.smaller !== undefined) smaller++
  }
  return { text: `${parts.join('\n')}\n`, run, smaller }
}

function said(line: number, smaller: string | undefined): string[] {
  return [`echo ${line} >&3`, smaller === undefined ? 'unset PAGE_SMALLER' : 'export PAGE_SMALLER=yes']
}
