// How the application is built: static files whose addresses are relative, so that they can stand under any path. The
// server puts each page's nonce in the place of NONCE (apps/server/src/http/web.ts).

import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const NONCE = 'KINORA-NONCE'
/** Of `npm run dev`: a running `kinora serve`. */
const SERVICE = process.env.KINORA_URL ?? 'http://127.0.0.1:7860'

export default defineConfig({
  base: './',
  html: { cspNonce: NONCE },
  plugins: [react()],
  resolve: { conditions: ['kinora-dev', 'module', 'browser', 'development|production'] },
  build: { target: 'es2022', assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  server: { port: 5173, proxy: { '^/(v1|docs|health|ready|openapi\\.json)': { target: SERVICE } } },
})
