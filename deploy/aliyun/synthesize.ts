// `npm run deploy:aliyun`: writes out/kinora.template.json, which is committed so that it can be read and used without this program.

import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { synthesize } from './template.ts'

const FILE = path.join(import.meta.dirname, 'out/kinora.template.json')

mkdirSync(path.dirname(FILE), { recursive: true })
writeFileSync(FILE, `${JSON.stringify(synthesize(), null, 2)}\n`)
console.log(path.relative(process.cwd(), FILE))
