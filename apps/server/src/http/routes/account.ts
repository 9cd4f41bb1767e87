// One's own account: the password.

import { z } from 'zod'
import { sessionOf } from '../../accounts/access.ts'
import { changePassword } from '../../accounts/login.ts'
import { anyPassword, newPassword } from '../../accounts/names.ts'
import { sessionToken } from '../../accounts/sessions.ts'
import type { App } from '../../app-type.ts'
import type { Services } from '../../services.ts'
import { errorResponses } from '../errors.ts'

export function accountRoutes(app: App, { db }: Pick<Services, 'db'>): void {
  app.put(
    '/v1/account/password',
    {
      config: { access: 'signed-in' },
      schema: {
        tags: ['account'],
        operationId: 'changePassword',
        summary: 'Change the own password; the other sessions end',
        body: z.strictObject({ current_password: anyPassword, new_password: newPassword }),
        response: { 200: z.object({ object: z.literal('password.changed') }), ...errorResponses },
      },
    },
    async (request) => {
      const identity = sessionOf(request)
      const { current_password: current, new_password: next } = request.body
      await changePassword(db, identity, { current, next, address: request.ip, token: sessionToken(request)! })
      app.credentials.forget(identity.userId)
      return { object: 'password.changed' as const }
    },
  )
}
