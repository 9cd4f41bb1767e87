// Models and capabilities: what forms are drawn from.

import { queryOptions } from '@tanstack/react-query'
import { ask } from './client.ts'
import type { Capabilities, ModelObject } from './types.ts'

export const capabilitiesQuery = queryOptions({
  queryKey: ['capabilities'],
  staleTime: 30_000,
  queryFn: ({ signal }) => ask<Capabilities>('/v1/capabilities', { signal }),
})

export const modelsQuery = queryOptions({
  queryKey: ['models'],
  staleTime: 30_000,
  queryFn: async ({ signal }) => (await ask<{ data: ModelObject[] }>('/v1/models', { signal })).data,
})
