// A plugin of the build: Mantine's styles follow its components, so that a page loads those of what it shows and no others.
// In development all of them are there (main.tsx imports styles.css).

import type { Plugin } from 'vite'

const ALL = /[\\/]@mantine[\\/]core[\\/]styles\.css$/
/** The names of a component's classes; its styles are the file of that name. */
const CLASSES = /[\\/]@mantine[\\/]core[\\/]esm[\\/].*[\\/](\w+)\.module\.mjs$/
/** What every component needs. */
const BASE = ['baseline', 'default-css-variables', 'global'].map((name) => `@import '@mantine/core/styles/${name}.css';`).join('\n')

export function mantineStyles(): Plugin {
  return {
    name: 'kinora-mantine-styles',
    apply: 'build',
    enforce: 'pre',
    load: (id) => (ALL.test(id) ? BASE : undefined),
    transform(code, id) {
      const [, name] = CLASSES.exec(id) ?? []
      return name === undefined
        ? undefined
        : { code: `import '@mantine/core/styles/${name}.css'\n${code}`, map: null, moduleSideEffects: true }
    },
  }
}
