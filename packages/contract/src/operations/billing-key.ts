import { access, operation, storeId, storeQuery } from '../operation.ts'
import { boolean, described, object, optional, string } from '../schema.ts'
import {
  BillingKeyDeleteRequester,
  BillingKeyInfo,
  DeleteBillingKeyResponse,
} from '../schemas/billing-key/billing-key.ts'
import {
  ConfirmBillingKeyBody,
  ConfirmBillingKeyIssueAndPayBody,
  ConfirmedBillingKeyIssueAndPaySummary,
  ConfirmedBillingKeySummary,
  IssueBillingKeyBody,
  IssueBillingKeyResponse,
} from '../schemas/billing-key/issue.ts'
import { GetBillingKeyInfosBody, GetBillingKeyInfosResponse } from '../schemas/billing-key/list.ts'

export const billingKeyPath = object('BillingKeyPath', 'Which billing key is meant.', {
  billingKey: string('The billing key.'),
})

const deleteQuery = object('DeleteBillingKeyQuery', 'Where and why the key is deleted.', {
  storeId: optional(storeId),
  reason: optional(string('Why the key is deleted. Naver Pay needs it.')),
  requester: optional(described(BillingKeyDeleteRequester, 'Who wants the key deleted. Naver Pay needs it.')),
  skipWebhook: optional(boolean('True to send no webhook. Defaults to false.')),
})

const confirmErrors = [
  ...access,
  'BILLING_KEY_NOT_FOUND',
  'BILLING_KEY_ALREADY_ISSUED',
  'INFORMATION_MISMATCH',
  'PG_PROVIDER',
] as const

export const billingKeyOperations = {
  getBillingKeyInfos: operation({
    category: 'payment.billingKey',
    method: 'GET',
    path: '/billing-keys',
    summary: 'List billing keys by page',
    description:
      'Returns the billing keys that match all conditions of the filter, of all stores the credential reaches unless one is named. Without a time range, covers the last 90 days.',
    authenticated: true,
    body: GetBillingKeyInfosBody,
    bodyIn: 'query-or-body',
    bodyRequired: false,
    success: GetBillingKeyInfosResponse,
    errors: access,
  }),
  issueBillingKey: operation({
    category: 'payment.billingKey',
    method: 'POST',
    path: '/billing-keys',
    summary: 'Issue a billing key',
    description:
      'Stores a card for charging later, at one channel or at every active channel of a group. With a group, one channel that succeeds is enough; the answer tells which failed.',
    authenticated: true,
    body: IssueBillingKeyBody,
    bodyIn: 'body',
    bodyRequired: true,
    success: IssueBillingKeyResponse,
    errors: [...access, 'CHANNEL_NOT_FOUND', 'CHANNEL_SPECIFIC', 'PG_PROVIDER'],
  }),
  confirmBillingKey: operation({
    category: 'payment.billingKey',
    method: 'POST',
    path: '/billing-keys/confirm',
    summary: 'Confirm a billing key issued in the browser',
    description:
      'For channels with manual confirmation: issues the key that the buyer authenticated in the browser. Values given besides the token are compared with the checkout. Refuses an unknown token, and one confirmed before.',
    authenticated: true,
    body: ConfirmBillingKeyBody,
    bodyIn: 'body',
    bodyRequired: true,
    success: ConfirmedBillingKeySummary,
    errors: confirmErrors,
  }),
  confirmBillingKeyIssueAndPay: operation({
    category: 'payment.billingKey',
    method: 'POST',
    path: '/billing-keys/confirm-issue-and-pay',
    summary: 'Confirm a billing key and its first payment',
    description:
      'As confirming a billing key, and charges it for the first payment at once. Values given besides the token are compared with the checkout; if one differs, nothing is issued or charged.',
    authenticated: true,
    body: ConfirmBillingKeyIssueAndPayBody,
    bodyIn: 'body',
    bodyRequired: true,
    success: ConfirmedBillingKeyIssueAndPaySummary,
    errors: confirmErrors,
  }),
  getBillingKeyInfo: operation({
    category: 'payment.billingKey',
    method: 'GET',
    path: '/billing-keys/{billingKey}',
    summary: 'Read a billing key',
    description: 'Returns the billing key, also when it has been deleted.',
    authenticated: true,
    pathParameters: billingKeyPath,
    queryParameters: storeQuery,
    success: BillingKeyInfo,
    errors: [...access, 'BILLING_KEY_NOT_FOUND'],
  }),
  deleteBillingKey: operation({
    category: 'payment.billingKey',
    method: 'DELETE',
    path: '/billing-keys/{billingKey}',
    summary: 'Delete a billing key',
    description:
      'Deletes the key at every channel that holds it. Refuses a key that payment schedules still use: revoke them first. Where some channels fail, the key stays with those and the request can be repeated.',
    authenticated: true,
    pathParameters: billingKeyPath,
    queryParameters: deleteQuery,
    success: DeleteBillingKeyResponse,
    errors: [
      ...access,
      'BILLING_KEY_NOT_FOUND',
      'BILLING_KEY_NOT_ISSUED',
      'BILLING_KEY_ALREADY_DELETED',
      'PAYMENT_SCHEDULE_ALREADY_EXISTS',
      'CHANNEL_SPECIFIC',
      'PG_PROVIDER',
    ],
  }),
}
