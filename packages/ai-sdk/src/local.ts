// `@kinora/ai-sdk/local`: the same models of the AI SDK, computed in this process's own engine by the library `kinora`. Node
// only; nothing is sent anywhere.

export type { KinoraLocalModelOptions } from './local/options.ts'
export { createLocalKinora, type LocalKinora, type LocalKinoraSettings } from './local/provider.ts'
