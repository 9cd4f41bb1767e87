// What the model makes of the prompt: tokens, where it stops to read, whether it is English. Asked a moment after the last key.

import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { ask } from '../api/client.ts'
import type { PromptCheck } from '../api/types.ts'

const PAUSE = 300

/** The check, and the prompt that it is of: that may be some letters behind. */
export type CheckedPrompt = PromptCheck & { readonly prompt: string }

/** Undefined for an empty prompt, and as long as nothing is known. */
export function usePromptCheck(prompt: string): CheckedPrompt | undefined {
  const [settled] = useDebouncedValue(prompt, PAUSE)
  const { data } = useQuery({
    queryKey: ['prompt-check', settled],
    enabled: settled.trim() !== '',
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }): Promise<CheckedPrompt> => {
      const check = await ask<PromptCheck>('/v1/prompts/check', { method: 'POST', body: { prompt: settled }, signal })
      return { ...check, prompt: settled }
    },
  })
  return prompt.trim() === '' ? undefined : data
}
