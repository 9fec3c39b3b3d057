import type { Authentication } from '../http/authentication.ts'
import type { Handlers } from '../http/handler.ts'

/** Exchanging secrets and refresh tokens for tokens. */
export const authOperations = (authentication: Authentication) =>
  ({
    loginViaApiSecret: ({ body }) => authentication.login(body.apiSecret),
    refreshToken: ({ body }) => authentication.refresh(body.refreshToken),
  }) satisfies Partial<Handlers>
