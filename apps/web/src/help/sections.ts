// The sections of the page in their order; each name is the fragment of its address, and where its texts are.

export const SECTIONS = ['about', 'prompts', 'settings', 'limits', 'rules', 'licences', 'models', 'demo', 'keys', 'api', 'privacy'] as const

export type SectionName = (typeof SECTIONS)[number]
