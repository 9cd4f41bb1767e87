// How the application is built: static files whose addresses are relative, so that they can stand under any path. The
// server puts each page's nonce in the place of NONCE (apps/server/src/http/web.ts).

import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'
import { mantineStyles } from './scripts/mantine-styles.ts'

const NONCE = 'KINORA-NONCE'
/** Of `npm run dev`: a running `kinora serve`. */
const SERVICE = process.env.KINORA_URL ?? 'http://127.0.0.1:7860'

export default defineConfig({
  base: './',
  html: { cspNonce: NONCE },
  plugins: [react(), mantineStyles(), compressed()],
  resolve: { conditions: ['kinora-dev', 'module', 'browser', 'development|production'] },
  build: {
    target: 'es2022',
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'], // those that know light-dark()
    assetsInlineLimit: 0,
    license: { fileName: 'licences.md' },
    modulePreload: { polyfill: false },
    // What many pages share is one file: a request costs more than an icon.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'shared', minShareCount: 6 }] } } },
  },
  server: { port: 5173, proxy: { '^/(v1|docs|health|ready|openapi\\.json)': { target: SERVICE } } },
})

/** Beside every script and style sheet its bytes as .br and .gz, so that the server compresses nothing itself. */
function compressed(): Plugin {
  return {
    name: 'kinora-compressed',
    apply: 'build',
    async writeBundle({ dir = '' }, bundle) {
      for (const name of Object.keys(bundle).filter((each) => /\.(js|css)$/.test(each))) {
        const file = path.join(dir, name)
        const bytes = await readFile(file)
        const best = { params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }
        await writeFile(`${file}.br`, await promisify(brotliCompress)(bytes, best))
        await writeFile(`${file}.gz`, await promisify(gzip)(bytes, { level: constants.Z_BEST_COMPRESSION }))
      }
    },
  }
}
