// What a model will make of a prompt, for who is still writing it.

import { z } from 'zod'
import type { App } from '../../app-type.ts'
import type { Services } from '../../services.ts'
import { promptCheck, promptCheckOf } from '../../videos/prompt.ts'
import { errorResponses } from '../errors.ts'

export function promptRoutes(app: App, { config }: Pick<Services, 'config'>): void {
  app.post(
    '/v1/prompts/check',
    {
      // Asked while somebody types.
      config: { access: 'signed-in', uncounted: true },
      logLevel: 'warn',
      schema: {
        tags: ['models'],
        operationId: 'checkPrompt',
        summary: 'Length of a prompt in tokens, where it is cut off, and whether it is English',
        body: z.strictObject({ prompt: z.string().describe('what a video would show') }),
        response: { 200: promptCheck, ...errorResponses },
      },
    },
    async ({ body }) => promptCheckOf(body.prompt, config),
  )
}
