import { compactVerify, SignJWT } from 'jose'
import type { Instant } from '../kernel/clock.ts'
import type { Encryption } from '../kernel/encryption.ts'

export type TokenUse = 'access' | 'refresh'

/** The claims of a token. Clients must not rely on them. */
export type TokenClaims = {
  readonly merchantId: string
  readonly storeId: string
  /** The API secret that the token was issued to. */
  readonly secretId: string
  /** Whether that opened a live store; not where the token does not say so, as those of earlier versions. */
  readonly isLive: boolean
  /** The token's own id. */
  readonly tokenId: string
  /** In whole seconds, as JWT has it. */
  readonly issuedAt: Instant
  readonly expiresAt: Instant
}

export type Tokens = {
  issue(use: TokenUse, claims: TokenClaims): Promise<string>
  /** The claims of a token that we issued for this use. The caller checks the expiry. */
  read(use: TokenUse, token: string): Promise<TokenClaims | undefined>
}

/**
 * JSON Web Tokens signed with HS256. Each use has its own key, derived from the installation's key, so that no token can be
 * used as another kind and no key needs to be stored.
 */
export const createTokens = (encryption: Encryption): Tokens => {
  const keys = { access: encryption.derive('access tokens'), refresh: encryption.derive('refresh tokens') }
  return {
    issue: (use, { merchantId, storeId, secretId, isLive, tokenId, issuedAt, expiresAt }) =>
      new SignJWT({ merchantId, storeId, isLive })
        .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
        .setSubject(secretId)
        .setJti(tokenId)
        .setIssuedAt(Math.floor(issuedAt / 1000))
        .setExpirationTime(Math.floor(expiresAt / 1000))
        .sign(keys[use]),
    read: async (use, token) => {
      // Not jwtVerify: it compares the expiry with the machine's clock, and sandbox stores have their own.
      const verified = await compactVerify(token, keys[use], { algorithms: ['HS256'] }).catch(() => undefined)
      return verified && readClaims(new TextDecoder().decode(verified.payload))
    },
  }
}

const readClaims = (text: string): TokenClaims | undefined => {
  const claims: unknown = JSON.parse(text)
  if (typeof claims !== 'object' || claims === null) return undefined
  const { merchantId, storeId, isLive, sub, jti, iat, exp }: Record<string, unknown> = { ...claims }
  if (typeof merchantId !== 'string' || typeof storeId !== 'string' || typeof sub !== 'string') return undefined
  if (typeof jti !== 'string' || typeof iat !== 'number' || typeof exp !== 'number') return undefined
  return {
    merchantId,
    storeId,
    isLive: isLive === true,
    secretId: sub,
    tokenId: jti,
    issuedAt: iat * 1000,
    expiresAt: exp * 1000,
  }
}
