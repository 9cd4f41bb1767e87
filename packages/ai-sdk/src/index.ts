// `@kinora/ai-sdk`: videos of a Kinora service for the AI SDK's `experimental_generateVideo`. It speaks HTTP only and runs
// wherever `fetch` is; `@kinora/ai-sdk/local` generates in the own process instead.

export type { KinoraProgress } from './finished.ts'
export type { KinoraVideoModelOptions } from './options.ts'
export { createKinora, type KinoraProvider, kinora } from './provider.ts'
export type { KinoraProviderSettings } from './settings.ts'
