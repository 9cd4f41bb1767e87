// The public API in groups, as a reader looks for it: what packages/kinora/src/index.ts exports, by the folder that it comes from.
// Schedulers stand apart from the pipelines that use them; errors are one group.

import { readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

export interface Group {
  /** Of the page's file. */
  readonly name: string
  readonly title: string
  /** One sentence or two under the title. */
  readonly about: string
  /** Folders of packages/kinora/src whose exports it has. */
  readonly folders: readonly string[]
}

const GROUPS: readonly Group[] = [
  {
    name: 'pipelines',
    title: 'Pipelines',
    about:
      'From a prompt, or a video and a prompt, to frames: the two pipelines, what they are loaded and called with, and what they tell.',
    folders: ['pipelines'],
  },
  {
    name: 'schedulers',
    title: 'Schedulers',
    about:
      "The samplers, one class each, with diffusers' names. `pipe.scheduler = XScheduler.fromConfig(pipe.scheduler.config)` swaps one for another.",
    folders: ['schedulers'],
  },
  {
    name: 'media',
    title: 'Media',
    about: 'Frames to video files and back, the settings inside of a file, and sizes.',
    folders: ['media'],
  },
  {
    name: 'checkpoints',
    title: 'Checkpoints',
    about: 'Models of the hub and of this machine: download, list, describe and remove them.',
    folders: ['checkpoint'],
  },
  {
    name: 'tensors',
    title: 'Tensors and devices',
    about: 'Arrays with a type and a shape, random numbers as torch draws them, and what this machine can compute on.',
    folders: ['tensor', 'runtime'],
  },
  {
    name: 'errors',
    title: 'Errors',
    about: 'What is thrown. A message names the value, what was expected, and the way out.',
    folders: ['errors.ts'],
  },
]

const INDEX = fileURLToPath(new URL('../../../packages/kinora/src/index.ts', import.meta.url))

/** For each group the module that has its exports and no other, as TypeScript. Throws for an export that no group takes. */
export function groupModules(index = readFileSync(INDEX, 'utf8')): ReadonlyMap<Group, string> {
  const lines = index.matchAll(/^export (?<what>(?:type )?\{[^}]*\}|\*) from '\.\/(?<from>[^']+)'$/gm)
  const modules = new Map<Group, string[]>(GROUPS.map((group) => [group, []]))
  let count = 0
  for (const { groups } of lines) {
    const { what = '', from = '' } = groups ?? {}
    const [folder = ''] = from.split('/')
    const group = GROUPS.find(({ folders }) => folders.includes(folder))
    if (!group) throw new Error(`index.ts exports ${from}, and no group of the reference has ${folder}: add it to groups.ts`)
    modules.get(group)?.push(`export ${what} from '${path.join(path.dirname(INDEX), from)}'`)
    count++
  }
  const wanted = index.match(/^export /gm)?.length ?? 0
  if (count !== wanted) throw new Error(`index.ts has ${wanted} exports, ${count} of which are of the form that groups.ts reads`)
  return new Map([...modules].map(([group, exports]) => [group, `${exports.join('\n')}\n`]))
}
