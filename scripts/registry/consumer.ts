// Somebody who installs from a registry: an empty folder outside the repository, a home and an npm cache of its own, and nothing of
// this repository's environment, whose .npmrc npm hands on to everything that it runs.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { command, type Printed } from '../publish/command.ts'
import { ROOT } from '../publish/workspaces.ts'

export interface Project {
  readonly folder: string
  readonly env: NodeJS.ProcessEnv
  run(program: string, ...words: string[]): Promise<Printed>
  write(name: string, text: string): void
  /** Of a program: with no condition of ours. `lax` passes over what packages declare with a browser's names. */
  typecheck(file: string, module: 'node16' | 'bundler', lax?: boolean): Promise<void>
  /** Packages by their place in node_modules that run a script when they are installed. */
  scripts(): string[]
}

export interface Consumer {
  project(name: string): Project
  stop(): void
}

export function createConsumer(registry: string): Consumer {
  const home = mkdtempSync(join(tmpdir(), 'kinora-consumer-'))
  const env = consumerEnvironment(home, registry)
  return {
    project: (name) => createProject(join(home, name), env),
    stop: () => rmSync(home, { recursive: true, force: true }),
  }
}

function consumerEnvironment(home: string, registry: string): NodeJS.ProcessEnv {
  const foreign = /^(?:npm_|ONNXRUNTIME_|SKIP_FFMPEG$|KINORA_|NODE_|VITEST|CI$|INIT_CWD$)/i
  const kept = Object.entries(process.env).filter(([name]) => !foreign.test(name))
  const path = (process.env.PATH ?? '').split(delimiter).filter((folder) => !folder.startsWith(ROOT))
  return {
    ...Object.fromEntries(kept),
    PATH: [dirname(process.execPath), ...path].join(delimiter),
    HOME: home,
    npm_config_registry: registry,
    npm_config_cache: join(home, '.npm'),
    npm_config_update_notifier: 'false',
    npm_config_audit: 'false',
  }
}

function createProject(folder: string, env: NodeJS.ProcessEnv): Project {
  mkdirSync(folder, { recursive: true })
  const run = (program: string, ...words: string[]) => command(program, words, { cwd: folder, env })
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text)
  return {
    folder,
    env,
    run,
    write,
    async typecheck(file, module, lax = false) {
      const options = module === 'bundler' ? { module: 'esnext', moduleResolution: module } : { module }
      const lib = ['es2024', 'esnext', ...(lax ? ['dom'] : [])]
      const compilerOptions = { ...options, target: 'es2024', lib, strict: true, noEmit: true, types: ['node'], skipLibCheck: lax }
      write('tsconfig.json', JSON.stringify({ compilerOptions, files: [file] }))
      await run(process.execPath, join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.json')
    },
    scripts() {
      const { packages } = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8')) as {
        packages: Record<string, { hasInstallScript?: boolean }>
      }
      return Object.keys(packages).filter((path) => packages[path]?.hasInstallScript)
    },
  }
}
