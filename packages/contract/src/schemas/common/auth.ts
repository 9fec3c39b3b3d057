import { object, type Static, string } from '../../schema.ts'

export const LoginViaApiSecretBody = object('LoginViaApiSecretBody', 'The secret to exchange.', {
  apiSecret: string('An API secret of the V2 API.'),
})
export type LoginViaApiSecretBody = Static<typeof LoginViaApiSecretBody>

export const LoginViaApiSecretResponse = object('LoginViaApiSecretResponse', 'The tokens.', {
  accessToken: string('To be sent as `Authorization: Bearer <token>`.'),
  refreshToken: string('Buys new tokens once, at `POST /token/refresh`.'),
})
export type LoginViaApiSecretResponse = Static<typeof LoginViaApiSecretResponse>

export const RefreshTokenBody = object('RefreshTokenBody', 'The token to exchange.', {
  refreshToken: string('The refresh token received last.'),
})
export type RefreshTokenBody = Static<typeof RefreshTokenBody>

export const RefreshTokenResponse = object('RefreshTokenResponse', 'The new tokens.', {
  accessToken: string('To be sent as `Authorization: Bearer <token>`.'),
  refreshToken: string('Buys new tokens once, at `POST /token/refresh`.'),
})
export type RefreshTokenResponse = Static<typeof RefreshTokenResponse>
