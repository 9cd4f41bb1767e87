// The architecture as data: what may import what. architecture.ts holds a tree of files against it.

/** What each layer may import beside itself and errors.ts; `types` only through `import type`, but for tests, which set up real things. */
export const LAYERS: Readonly<Record<string, { imports: readonly string[]; types?: readonly string[] }>> = {
  tensor: { imports: [] },
  onnx: { imports: ['tensor'] },
  checkpoint: { imports: ['tensor'] },
  models: { imports: ['onnx', 'tensor'], types: ['checkpoint'] },
  schedulers: { imports: ['tensor'] },
  tokenizer: { imports: ['tensor'], types: ['checkpoint'] },
  runtime: { imports: ['onnx', 'tensor'] },
  media: { imports: ['tensor'] },
  pipelines: { imports: ['models', 'schedulers', 'tokenizer', 'runtime', 'media', 'onnx', 'checkpoint', 'tensor'] },
}

/** What each folder of the server may import beside itself and the files that all share; files directly in src open and close the whole. */
export const SERVER_FOLDERS: Readonly<Record<string, readonly string[]>> = {
  db: [],
  config: [],
  queue: ['db'],
  storage: ['config'],
  accounts: ['queue', 'config', 'db'],
  watch: ['accounts', 'queue', 'db'],
  retention: ['queue', 'storage', 'db'],
  backup: ['retention', 'storage', 'config', 'db'],
  videos: ['watch', 'accounts', 'retention', 'queue', 'storage', 'config', 'db'],
  worker: ['retention', 'queue', 'storage', 'config', 'db'],
  http: ['videos', 'watch', 'accounts', 'retention', 'queue', 'storage', 'config', 'db'],
}
export const SERVER_SHARED: ReadonlySet<string> = new Set(['app-type.ts', 'closers.ts', 'errors.ts', 'ids.ts', 'services.ts'])

/** The same of the web application, which runs in browsers: the rest (base.ts, the ui) is shared. */
export const WEB_FOLDERS: Readonly<Record<string, readonly string[]>> = {
  i18n: ['api'],
  ui: ['i18n'],
  api: [],
  settings: ['api', 'ui'],
  videos: ['settings', 'api', 'i18n', 'ui'],
  player: ['videos', 'settings', 'api', 'i18n', 'ui'],
  watch: ['player', 'videos', 'settings', 'api', 'i18n', 'ui'],
  examples: ['settings', 'api', 'i18n', 'ui'],
  result: ['watch', 'player', 'videos', 'settings', 'api', 'i18n', 'ui'],
  account: ['settings', 'api', 'i18n', 'ui'],
  admin: ['settings', 'api', 'i18n', 'ui'],
  help: ['examples', 'settings', 'api', 'i18n', 'ui'],
  library: ['result', 'watch', 'player', 'videos', 'settings', 'api', 'i18n', 'ui'],
  queue: ['watch', 'player', 'videos', 'settings', 'api', 'i18n', 'ui'],
  create: ['library', 'result', 'examples', 'watch', 'player', 'videos', 'settings', 'api', 'i18n', 'ui'],
  app: [
    'create',
    'library',
    'queue',
    'account',
    'admin',
    'help',
    'result',
    'examples',
    'watch',
    'player',
    'videos',
    'settings',
    'api',
    'i18n',
    'ui',
  ],
}
export const WEB_SHARED: ReadonlySet<string> = new Set(['base.ts'])

/** Outside packages with one home each (tests aside), so that replacing one touches one folder. */
export const OWNERS: Readonly<Record<string, string>> = {
  '@bufbuild/protobuf': 'onnx',
  '@huggingface/tokenizers': 'tokenizer',
  mediabunny: 'media',
  'node-av': 'media',
  'onnxruntime-common': 'runtime',
  'onnxruntime-node': 'runtime',
  'onnxruntime-web': 'runtime',
  sharp: 'media',
}

/** Packages that need Node or a native binary. */
export const NATIVE: ReadonlySet<string> = new Set(['node-av', 'onnxruntime-node', 'sharp'])
