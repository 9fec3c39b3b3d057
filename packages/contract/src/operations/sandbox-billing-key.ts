import { access, operation } from '../operation.ts'
import {
  AuthenticateSandboxBillingKeyBody,
  AuthenticateSandboxBillingKeyResponse,
  RenewSandboxBillingKeyBody,
} from '../schemas/sandbox/billing-key.ts'
import { SandboxDone } from '../schemas/sandbox/sandbox.ts'
import { billingKeyPath } from './billing-key.ts'
import { control } from './sandbox-parameters.ts'

export const sandboxBillingKeyOperations = {
  authenticateSandboxBillingKey: operation({
    ...control,
    method: 'POST',
    path: '/sandbox/billing-keys/authenticate',
    summary: 'Store a payment method without a browser',
    description:
      'Does what a buyer does in the window where a card, a bank account or a wallet is stored, with or without a first payment. Returns the token with which the merchant confirms it; until then nothing is stored or charged.',
    body: AuthenticateSandboxBillingKeyBody,
    bodyIn: 'body',
    bodyRequired: true,
    success: AuthenticateSandboxBillingKeyResponse,
    errors: [...access, 'CHANNEL_NOT_FOUND', 'SUM_OF_PARTS_EXCEEDS_TOTAL_AMOUNT', 'PG_PROVIDER'],
  }),
  renewSandboxBillingKey: operation({
    ...control,
    method: 'POST',
    path: '/sandbox/billing-keys/{billingKey}/renew',
    summary: 'Renew the card behind a billing key',
    description:
      'Does what a bank does when a card expires: another one takes its place under the same billing key, at every channel that holds it. Its scenario is the new card number.',
    pathParameters: billingKeyPath,
    body: RenewSandboxBillingKeyBody,
    bodyIn: 'body',
    bodyRequired: true,
    success: SandboxDone,
    errors: [...access, 'BILLING_KEY_NOT_FOUND'],
  }),
}
