// The model hub on Node: what the rest of the library calls. hub.ts names the options and results.

export { cachedModels } from './cached.node.ts'
export { pullModel } from './pull.node.ts'
export { removeModel } from './remove.node.ts'
export { modelStatus } from './status.node.ts'
