// The bundled model, if this service offers it.

import { useQuery } from '@tanstack/react-query'
import { modelsQuery } from '../api/models.ts'
import type { ModelObject } from '../api/types.ts'
import { demoModelOf } from '../examples/examples.ts'

export function useDemoModel(): ModelObject | undefined {
  const { data = [] } = useQuery(modelsQuery)
  return demoModelOf(data)
}
