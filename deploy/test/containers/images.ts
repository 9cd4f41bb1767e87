// The images of the tests, made of Debian's packages and npm's: bases in the place of the official ones, and Kinora's own on them.

import { execFile } from 'node:child_process'
import { copyFileSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Docker } from './docker.ts'

const REPOSITORY = fileURLToPath(new URL('../../..', import.meta.url))
const TRUSTED = '/etc/ssl/certs/ca-certificates.crt'
/** What slim images leave out. */
const LEFT_OUT = ['doc', 'man', 'locale', 'info'].map((name) => `--dpkgopt=path-exclude=/usr/share/${name}/*`)
const NPM = 'npm@11'

interface Manifest {
  readonly version: string
  readonly devDependencies: Readonly<Record<string, string>>
}

export const { version: VERSION } = JSON.parse(readFileSync(path.join(REPOSITORY, 'apps/cli/package.json'), 'utf8')) as Manifest
export const IMAGE = `kinora-test/kinora:${VERSION}`

const BASES = ['--build-arg', 'NODE_IMAGE=kinora-test/node', '--build-arg', 'CPU_BASE=kinora-test/debian']

/** Kinora's image for CPUs. Layers of an earlier run are used again, where nothing has changed; KINORA_TEST_IMAGE names one that is built. */
export async function buildKinora(docker: Docker): Promise<void> {
  const { KINORA_TEST_IMAGE: built } = process.env
  await buildBases(docker)
  if (built) await docker.run('tag', built, IMAGE)
  else await docker.run('build', '-f', `${REPOSITORY}/deploy/Dockerfile`, '--target', 'cpu', ...BASES, '-t', IMAGE, REPOSITORY)
}

/** kinora-test/postgres and kinora-test/s3. */
export async function buildStores(docker: Docker): Promise<void> {
  const { devDependencies } = JSON.parse(readFileSync(path.join(REPOSITORY, 'deploy/package.json'), 'utf8')) as Manifest
  const s3rver = ['--build-arg', `S3RVER=${devDependencies.s3rver}`]
  await docker.run('build', '-t', 'kinora-test/postgres', fileURLToPath(new URL('postgres', import.meta.url)))
  await docker.run('build', '-t', 'kinora-test/s3', ...s3rver, fileURLToPath(new URL('s3', import.meta.url)))
}

async function buildBases(docker: Docker): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'kinora-images-'))
  try {
    if ((await docker.run('images', '-q', 'kinora-test/debian')) === '') {
      const tar = path.join(folder, 'debian.tar')
      await promisify(execFile)('mmdebstrap', ['--variant=minbase', '--include=ca-certificates', ...LEFT_OUT, 'bookworm', tar])
      await docker.run('import', tar, 'kinora-test/debian')
    }
    if ((await docker.run('images', '-q', 'kinora-test/node')) === '') await buildNode(docker, path.join(folder, 'node'))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function buildNode(docker: Docker, folder: string): Promise<void> {
  cpSync(fileURLToPath(new URL('node', import.meta.url)), folder, { recursive: true })
  copyFileSync(process.execPath, path.join(folder, 'node'))
  const { stdout } = await promisify(execFile)('npm', ['pack', NPM, '--silent', '--pack-destination', folder])
  copyFileSync(path.join(folder, stdout.trim()), path.join(folder, 'npm.tgz'))
  if (!existsSync(TRUSTED)) throw new Error(`${TRUSTED} is not there: install the package ca-certificates`)
  copyFileSync(TRUSTED, path.join(folder, 'ca-certificates.crt'))
  await docker.run('build', '-t', 'kinora-test/node', folder)
}
