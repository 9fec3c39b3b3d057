import { object, type Static, string } from '../schema.ts'

export const LoginViaApiSecretBody = object('LoginViaApiSecretBody', '', {
  apiSecret: string(),
})
export type LoginViaApiSecretBody = Static<typeof LoginViaApiSecretBody>

export const LoginViaApiSecretResponse = object('LoginViaApiSecretResponse', '', {
  accessToken: string(),
  refreshToken: string(),
})
export type LoginViaApiSecretResponse = Static<typeof LoginViaApiSecretResponse>

export const RefreshTokenBody = object('RefreshTokenBody', '', {
  refreshToken: string(),
})
export type RefreshTokenBody = Static<typeof RefreshTokenBody>

export const RefreshTokenResponse = object('RefreshTokenResponse', '', {
  accessToken: string(),
  refreshToken: string(),
})
export type RefreshTokenResponse = Static<typeof RefreshTokenResponse>
