import type { Authentication } from './authentication.ts'
import type { Handlers } from './handler.ts'

/** Exchanging secrets and refresh tokens for tokens. */
export const authenticationOperations = (authentication: Authentication) =>
  ({
    loginViaApiSecret: ({ body }) => authentication.login(body.apiSecret),
    refreshToken: ({ body }) => authentication.refresh(body.refreshToken),
  }) satisfies Partial<Handlers>
