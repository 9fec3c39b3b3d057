import { operation } from '../operation.ts'
import {
  LoginViaApiSecretBody,
  LoginViaApiSecretResponse,
  RefreshTokenBody,
  RefreshTokenResponse,
} from '../schemas/common/auth.ts'

export const authOperations = {
  loginViaApiSecret: operation({
    category: 'auth',
    method: 'POST',
    path: '/login/api-secret',
    summary: 'Exchange an API secret for tokens',
    description:
      'Returns a short-lived access token, to be sent as `Authorization: Bearer`, and a refresh token. Refresh tokens issued to the same secret before stop working at once. Refuses an unknown or expired secret.',
    authenticated: false,
    body: LoginViaApiSecretBody,
    bodyIn: 'body',
    bodyRequired: true,
    success: LoginViaApiSecretResponse,
    errors: ['INVALID_REQUEST', 'UNAUTHORIZED'],
  }),
  refreshToken: operation({
    category: 'auth',
    method: 'POST',
    path: '/token/refresh',
    summary: 'Exchange a refresh token for new tokens',
    description:
      'Returns a new access token and a new refresh token. A refresh token works once: it is refused after it has been used, superseded by another login, or has expired. Using it again also ends the token it was exchanged for.',
    authenticated: false,
    body: RefreshTokenBody,
    bodyIn: 'body',
    bodyRequired: true,
    success: RefreshTokenResponse,
    errors: ['INVALID_REQUEST', 'UNAUTHORIZED'],
  }),
}
