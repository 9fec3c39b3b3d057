import { access, operation, storeQuery } from '../operation.ts'
import { object, string } from '../schema.ts'
import { IdentityVerification } from '../schemas/identity-verification/identity-verification.ts'
import {
  GetIdentityVerificationsBody,
  GetIdentityVerificationsResponse,
} from '../schemas/identity-verification/list.ts'
import {
  ConfirmIdentityVerificationBody,
  ConfirmIdentityVerificationResponse,
  ResendIdentityVerificationResponse,
  SendIdentityVerificationBody,
  SendIdentityVerificationResponse,
} from '../schemas/identity-verification/send.ts'

export const verificationPath = object('IdentityVerificationPath', 'Which identity verification is meant.', {
  identityVerificationId: string('The id the merchant chose for the identity verification, percent-encoded.'),
})

const sentErrors = [
  ...access,
  'IDENTITY_VERIFICATION_NOT_FOUND',
  'IDENTITY_VERIFICATION_NOT_SENT',
  'IDENTITY_VERIFICATION_ALREADY_VERIFIED',
  'PG_PROVIDER',
] as const

export const identityVerificationOperations = {
  getIdentityVerifications: operation({
    category: 'identityVerification',
    method: 'GET',
    path: '/identity-verifications',
    summary: 'List identity verifications by page',
    description:
      'Returns the identity verifications that match all conditions of the filter, of all stores the credential reaches unless one is named. Without a time range, covers the last 90 days.',
    authenticated: true,
    body: GetIdentityVerificationsBody,
    bodyIn: 'query-or-body',
    bodyRequired: false,
    success: GetIdentityVerificationsResponse,
    errors: access,
  }),
  getIdentityVerification: operation({
    category: 'identityVerification',
    method: 'GET',
    path: '/identity-verifications/{identityVerificationId}',
    summary: 'Read an identity verification',
    description: 'Returns the identity verification, whatever its status.',
    authenticated: true,
    pathParameters: verificationPath,
    queryParameters: storeQuery,
    success: IdentityVerification,
    errors: [...access, 'IDENTITY_VERIFICATION_NOT_FOUND'],
  }),
  sendIdentityVerification: operation({
    category: 'identityVerification',
    method: 'POST',
    path: '/identity-verifications/{identityVerificationId}/send',
    summary: 'Send a verification request to a person',
    description:
      'Sends a one-time password or a request to an app. Refuses when the request has been sent (resend it instead) or the person is verified.',
    authenticated: true,
    pathParameters: verificationPath,
    body: SendIdentityVerificationBody,
    bodyIn: 'body',
    bodyRequired: true,
    success: SendIdentityVerificationResponse,
    errors: [
      ...access,
      'MAX_TRANSACTION_COUNT_REACHED',
      'CHANNEL_NOT_FOUND',
      'IDENTITY_VERIFICATION_NOT_FOUND',
      'IDENTITY_VERIFICATION_ALREADY_SENT',
      'IDENTITY_VERIFICATION_ALREADY_VERIFIED',
      'PG_PROVIDER',
    ],
  }),
  resendIdentityVerification: operation({
    category: 'identityVerification',
    method: 'POST',
    path: '/identity-verifications/{identityVerificationId}/resend',
    summary: 'Send a verification request again',
    description: 'Sends the request once more. Refuses when it was never sent or the person is verified.',
    authenticated: true,
    pathParameters: verificationPath,
    queryParameters: storeQuery,
    success: ResendIdentityVerificationResponse,
    errors: sentErrors,
  }),
  confirmIdentityVerification: operation({
    category: 'identityVerification',
    method: 'POST',
    path: '/identity-verifications/{identityVerificationId}/confirm',
    summary: 'Confirm an identity verification',
    description:
      'Checks the one-time password, or that the person confirmed in the app, and returns who the person is. Refuses when the request was never sent or the person is verified.',
    authenticated: true,
    pathParameters: verificationPath,
    body: ConfirmIdentityVerificationBody,
    bodyIn: 'body',
    bodyRequired: true,
    success: ConfirmIdentityVerificationResponse,
    errors: sentErrors,
  }),
}
