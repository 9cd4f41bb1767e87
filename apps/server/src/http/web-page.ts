// The one page of the web application, as built by apps/web: its addresses are relative to where it is built for, the root,
// and `KINORA-NONCE` stands where a page's own nonce goes.

import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { html } from './html.ts'

const NONCE = 'KINORA-NONCE'
const RELATIVE = /(?<=\s(?:src|href)=")\.\//g

/** Where the package of the application keeps what was built; it need not be there. */
export const WEB_FOLDER = fileURLToPath(new URL('./dist', import.meta.resolve('@kinora/web/package.json')))

/** The page as built; undefined when it is not. Read each time, so that a new build counts at once. */
export async function builtPage(folder: string): Promise<string | undefined> {
  try {
    return await readFile(path.join(folder, 'index.html'), 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return undefined
    throw error
  }
}

/** The page for a request of this path (`/videos/one`): whatever stands before the path at a proxy, its addresses lead there. */
export function pageFor(page: string, { path: at, nonce }: { readonly path: string; readonly nonce: string }): string {
  const up = '../'.repeat(at.split('/').length - 2) || './'
  return page.replace(RELATIVE, up).replaceAll(NONCE, nonce)
}

/** In place of a page that is not built. */
export const NOT_BUILT = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Kinora</title>
</head>
<body>
<h1>Kinora runs, without its web application</h1>
<p>The application has not been built. Run <code>npm run build -w apps/web</code>, then load this page again.</p>
<p>The HTTP API works meanwhile.</p>
</body>
</html>
`.text
