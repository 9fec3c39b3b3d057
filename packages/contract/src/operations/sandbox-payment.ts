import { access, operation } from '../operation.ts'
import {
  AuthenticateSandboxPaymentBody,
  AuthenticateSandboxPaymentResponse,
  DepositSandboxPaymentBody,
  DisputeSandboxPaymentBody,
  ProgressSandboxEscrowBody,
  ResolveSandboxPaymentBody,
} from '../schemas/sandbox/payment.ts'
import { SandboxDone, SandboxStoreBody } from '../schemas/sandbox/sandbox.ts'
import { paymentPath } from './payment-parameters.ts'
import { control } from './sandbox-parameters.ts'

const paymentIntervention = {
  ...control,
  method: 'POST',
  pathParameters: paymentPath,
  body: SandboxStoreBody,
  bodyIn: 'body',
  bodyRequired: false,
  success: SandboxDone,
  errors: [...access, 'PAYMENT_NOT_FOUND', 'PG_PROVIDER'],
} as const

/** What a buyer, a bank or the gateway does to a payment. */
export const sandboxPaymentOperations = {
  depositSandboxPayment: operation({
    ...control,
    method: 'POST',
    path: '/sandbox/payments/{paymentId}/deposit',
    summary: 'Pay into a virtual account',
    description:
      'Simulates the deposit that a payment waits for. Refuses where no account waits, and as a bank would: another amount, or a closed account (`PG_PROVIDER`).',
    pathParameters: paymentPath,
    body: DepositSandboxPaymentBody,
    bodyIn: 'body',
    bodyRequired: false,
    success: SandboxDone,
    errors: [...access, 'PAYMENT_NOT_FOUND', 'PG_PROVIDER'],
  }),
  authenticateSandboxPayment: operation({
    ...control,
    method: 'POST',
    path: '/sandbox/payments/{paymentId}/authenticate',
    summary: 'Go through the checkout without a browser',
    description:
      'Does what a shopper does in the payment window: leaves the payment READY and returns the token with which the merchant confirms it. With a `confirmUrl` the merchant is asked instead, and the payment approved or failed at once. A cash receipt that is asked for here is issued once the payment is paid.',
    pathParameters: paymentPath,
    body: AuthenticateSandboxPaymentBody,
    bodyIn: 'body',
    bodyRequired: true,
    success: AuthenticateSandboxPaymentResponse,
    errors: [
      ...access,
      'CHANNEL_NOT_FOUND',
      'MAX_TRANSACTION_COUNT_REACHED',
      'ALREADY_PAID',
      'PAYMENT_SCHEDULE_ALREADY_EXISTS',
      'SUM_OF_PARTS_EXCEEDS_TOTAL_AMOUNT',
      'PG_PROVIDER',
    ],
  }),
  resolveSandboxPayment: operation({
    ...control,
    method: 'POST',
    path: '/sandbox/payments/{paymentId}/resolve',
    summary: 'End a doubt',
    description:
      'Makes the sandbox gateway answer inquiries about a payment that it kept silent about (`doubt-forever`).',
    pathParameters: paymentPath,
    body: ResolveSandboxPaymentBody,
    bodyIn: 'body',
    bodyRequired: true,
    success: SandboxDone,
    errors: [...access, 'PAYMENT_NOT_FOUND', 'PG_PROVIDER'],
  }),
  approveSandboxPayment: operation({
    ...paymentIntervention,
    path: '/sandbox/payments/{paymentId}/approve',
    summary: 'Approve a payment late',
    description:
      'Lets the sandbox gateway announce that a payment which it declined, or left pending, is approved after all. Refuses any other payment (`PG_PROVIDER`).',
  }),
  expireSandboxPayment: operation({
    ...paymentIntervention,
    path: '/sandbox/payments/{paymentId}/expire',
    summary: 'Let the bank end a virtual account',
    description:
      'Lets the bank end a virtual account before its time: the payment fails. Refuses where no account waits (`PG_PROVIDER`).',
  }),
  reverseSandboxPayment: operation({
    ...paymentIntervention,
    path: '/sandbox/payments/{paymentId}/reverse',
    summary: 'Let the bank take a deposit back',
    description:
      'Lets the bank take a deposit back: at the gateway the account waits again. The API has no status for it, so the payment stays PAID; reconciliation and `naru audit` tell. Refuses where nothing was deposited, or something was refunded (`PG_PROVIDER`).',
  }),
  disputeSandboxPayment: operation({
    ...control,
    method: 'POST',
    path: '/sandbox/payments/{paymentId}/dispute',
    summary: 'Dispute a payment',
    description:
      'Lets the buyer object to a payment, or ends the dispute. One that the merchant loses takes back all that was not refunded: a cancellation by `CHARGEBACK`. Refuses what cannot be disputed or is not in dispute (`PG_PROVIDER`).',
    pathParameters: paymentPath,
    body: DisputeSandboxPaymentBody,
    bodyIn: 'body',
    bodyRequired: true,
    success: SandboxDone,
    errors: [...access, 'PAYMENT_NOT_FOUND', 'PG_PROVIDER'],
  }),
  progressSandboxEscrow: operation({
    ...control,
    method: 'POST',
    path: '/sandbox/payments/{paymentId}/escrow',
    summary: 'Deliver, confirm or reject goods in escrow',
    description:
      'Lets the gateway announce what the carrier or the buyer did, once a shipment is registered. Refuses what cannot follow (`PG_PROVIDER`). That a payment is cancelled is no such word: cancel it.',
    pathParameters: paymentPath,
    body: ProgressSandboxEscrowBody,
    bodyIn: 'body',
    bodyRequired: true,
    success: SandboxDone,
    errors: [...access, 'PAYMENT_NOT_FOUND', 'PG_PROVIDER'],
  }),
}
