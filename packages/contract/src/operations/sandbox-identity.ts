import { access, operation } from '../operation.ts'
import { OpenSandboxIdentityVerificationBody } from '../schemas/sandbox/identity.ts'
import { SandboxDone, SandboxStoreBody } from '../schemas/sandbox/sandbox.ts'
import { verificationPath } from './identity-verification.ts'
import { control } from './sandbox-parameters.ts'

export const sandboxIdentityOperations = {
  openSandboxIdentityVerification: operation({
    ...control,
    method: 'POST',
    path: '/sandbox/identity-verifications/{identityVerificationId}/open',
    summary: 'Open the window where an identity is verified',
    description:
      'Does what a person does in the browser: leaves the identity verification READY, without anything having been sent. Approving it verifies the person.',
    pathParameters: verificationPath,
    body: OpenSandboxIdentityVerificationBody,
    bodyIn: 'body',
    bodyRequired: true,
    success: SandboxDone,
    errors: [
      ...access,
      'MAX_TRANSACTION_COUNT_REACHED',
      'CHANNEL_NOT_FOUND',
      'IDENTITY_VERIFICATION_ALREADY_SENT',
      'IDENTITY_VERIFICATION_ALREADY_VERIFIED',
    ],
  }),
  approveSandboxIdentityVerification: operation({
    ...control,
    method: 'POST',
    path: '/sandbox/identity-verifications/{identityVerificationId}/approve',
    summary: 'Approve an identity verification as the person',
    description:
      'Approves the request in the app, after which the merchant confirms it without a code; or completes the window, which verifies the person at once. Refuses where neither waits.',
    pathParameters: verificationPath,
    body: SandboxStoreBody,
    bodyIn: 'body',
    bodyRequired: false,
    success: SandboxDone,
    errors: [...access, 'IDENTITY_VERIFICATION_NOT_FOUND', 'IDENTITY_VERIFICATION_NOT_SENT'],
  }),
}
