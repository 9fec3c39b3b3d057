import type { LoginViaApiSecretResponse } from '@naru/contract'
import { type Instant, storeTime } from '../kernel/clock.ts'
import { timeOrderedId } from '../kernel/ids.ts'
import { type Refusal, refuse } from '../kernel/refusal.ts'
import { type Credential, type CredentialDirectory, isOfItsClock } from '../merchants/credentials.ts'
import type { Principal } from '../merchants/principal.ts'
import type { Tokens } from './tokens.ts'

type Unauthorized = Refusal<'UNAUTHORIZED'>

export type Authentication = {
  /** The principal of an `Authorization` header. */
  authenticate(header: string | undefined): Promise<Principal | Unauthorized>
  /** Exchanges an API secret for tokens. Refresh tokens issued to it before stop working. */
  login(apiSecret: string): Promise<LoginViaApiSecretResponse | Unauthorized>
  /** Exchanges a refresh token for new tokens, once. Using it again ends the new refresh token as well. */
  refresh(refreshToken: string): Promise<LoginViaApiSecretResponse | Unauthorized>
}

/** How long tokens are valid, in milliseconds by the store's clock. */
export type TokenLifetimes = { readonly accessToken: number; readonly refreshToken: number }

export const createAuthentication = (
  credentials: CredentialDirectory,
  tokens: Tokens,
  lifetimes: TokenLifetimes,
): Authentication => {
  const issue = async (credential: Credential, refreshId: string): Promise<LoginViaApiSecretResponse> => {
    const { merchantId, storeId, secretId, isLive } = credential
    const issuedAt = storeTime(credential.clock)
    const claims = { merchantId, storeId, secretId, isLive, issuedAt }
    const expiresAfter = (lifetime: number): Instant => issuedAt + lifetime
    const [accessToken, refreshToken] = await Promise.all([
      tokens.issue('access', { ...claims, tokenId: timeOrderedId(), expiresAt: expiresAfter(lifetimes.accessToken) }),
      tokens.issue('refresh', { ...claims, tokenId: refreshId, expiresAt: expiresAfter(lifetimes.refreshToken) }),
    ])
    return { accessToken, refreshToken }
  }
  const bySecret = async (secret: string): Promise<Principal | Unauthorized> => {
    const credential = await credentials.bySecret(secret)
    if (credential) return principalOf(credential)
    return refuse('UNAUTHORIZED', isTokenLike(secret) ? tokenAsSecret : unknownSecret)
  }
  const byToken = async (token: string): Promise<Principal | Unauthorized> => {
    const claims = await tokens.read('access', token)
    if (claims === undefined) return refuse('UNAUTHORIZED', isTokenLike(token) ? unknownToken : secretAsToken)
    const credential = await credentials.byId(claims.merchantId, claims.secretId)
    if (credential === undefined) return refuse('UNAUTHORIZED', withdrawn)
    if (!isOfItsClock(credential, claims)) return refuse('UNAUTHORIZED', beforeLive)
    return claims.expiresAt > storeTime(credential.clock)
      ? principalOf(credential)
      : refuse('UNAUTHORIZED', expiredToken)
  }
  return {
    authenticate: async (header) => {
      const [, scheme = '', credential = ''] = /^ *([a-z]+) +(\S+) *$/i.exec(header ?? '') ?? []
      switch (scheme.toLowerCase()) {
        case 'portone':
          return await bySecret(credential)
        case 'bearer':
          return await byToken(credential)
        default:
          return refuse('UNAUTHORIZED', header === undefined ? missingHeader : malformedHeader)
      }
    },
    login: async (apiSecret) => {
      const credential = await credentials.bySecret(apiSecret)
      if (credential === undefined) return refuse('UNAUTHORIZED', unknownSecret)
      const refreshId = timeOrderedId()
      await credentials.startRefreshing(credential, refreshId)
      return await issue(credential, refreshId)
    },
    refresh: async (refreshToken) => {
      const claims = await tokens.read('refresh', refreshToken)
      if (claims === undefined) return refuse('UNAUTHORIZED', unknownRefreshToken)
      const refreshed = await credentials.continueRefreshing(claims)
      return refreshed
        ? await issue(refreshed.credential, refreshed.refreshId)
        : refuse('UNAUTHORIZED', unknownRefreshToken)
    },
  }
}

const principalOf = ({ merchantId, secretId, storeId, scope }: Credential): Principal => ({
  merchantId,
  secretId,
  storeId,
  scope,
})

/** A JSON Web Token has three parts. */
const isTokenLike = (text: string): boolean => text.split('.').length === 3

const howTo = 'Send `Authorization: PortOne <API secret>`.'
const missingHeader = `The Authorization header is missing. ${howTo}`
const malformedHeader = `The Authorization header is malformed. ${howTo}`
const unknownSecret = 'This API secret is unknown, expired or revoked. Check that it was copied in full.'
const unknownToken = 'This access token was not issued by this server. Log in again.'
const secretAsToken =
  'Bearer is for access tokens, and this is not one. An API secret is sent as `Authorization: PortOne <API secret>`.'
const tokenAsSecret =
  'PortOne is for API secrets, and this is not one. An access token is sent as `Authorization: Bearer <access token>`.'
const expiredToken = 'This access token has expired. Refresh it, or log in again.'
const beforeLive = 'This access token is from before the merchant had a live store. Log in again.'
const withdrawn = 'The API secret behind this access token has expired or was revoked. Log in with another one.'
const unknownRefreshToken =
  'This refresh token has expired, has already been used (which ends the one it was exchanged for as well), was ' +
  'superseded by another login, or is from before the merchant had a live store. Log in with the API secret.'
