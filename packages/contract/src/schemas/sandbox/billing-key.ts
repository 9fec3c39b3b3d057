import { array, object, optional, type Static, string } from '../../schema.ts'
import { InstantBillingKeyPaymentMethodInputCard } from '../billing-key/issue.ts'
import { Bank } from '../common/bank.ts'
import { Currency } from '../common/currency.ts'
import { CustomerInput } from '../common/customer.ts'
import { EasyPayProvider } from '../common/easy-pay-provider.ts'
import { PaymentAmountInput } from '../common/money.ts'
import { storeId } from './store-id.ts'

export const SandboxFirstPayment = object(
  'SandboxFirstPayment',
  'The payment that the buyer agrees to with the card.',
  {
    paymentId: string("The merchant's id of the payment."),
    orderName: string('What the buyer sees as the name of the order.'),
    amount: PaymentAmountInput,
    currency: Currency,
  },
)
export type SandboxFirstPayment = Static<typeof SandboxFirstPayment>

export const SandboxBillingKeyTransferInput = object('SandboxBillingKeyTransferInput', 'A bank account.', {
  bank: Bank,
  accountNumber: string('The account, 6 to 30 digits with or without hyphens. Only the last four are kept.'),
})
export type SandboxBillingKeyTransferInput = Static<typeof SandboxBillingKeyTransferInput>

export const SandboxBillingKeyEasyPayInput = object(
  'SandboxBillingKeyEasyPayInput',
  'A wallet, whose own balance is charged.',
  { provider: EasyPayProvider },
)
export type SandboxBillingKeyEasyPayInput = Static<typeof SandboxBillingKeyEasyPayInput>

export const SandboxBillingKeyMethodInput = object(
  'SandboxBillingKeyMethodInput',
  'What the buyer stores. Give exactly one.',
  {
    card: optional(InstantBillingKeyPaymentMethodInputCard),
    transfer: optional(SandboxBillingKeyTransferInput),
    easyPay: optional(SandboxBillingKeyEasyPayInput),
  },
)
export type SandboxBillingKeyMethodInput = Static<typeof SandboxBillingKeyMethodInput>

export const AuthenticateSandboxBillingKeyBody = object(
  'AuthenticateSandboxBillingKeyBody',
  'What the buyer stores, and where.',
  {
    storeId,
    channelKey: string('The channel to store it through.'),
    method: SandboxBillingKeyMethodInput,
    customer: optional(CustomerInput),
    customData: optional(string('Any text of the merchant, kept with the billing key and returned as it was.')),
    noticeUrls: optional(
      array(string(), 'Where to send webhooks of this billing key, instead of the address set for the store.'),
    ),
    payment: optional(SandboxFirstPayment),
  },
)
export type AuthenticateSandboxBillingKeyBody = Static<typeof AuthenticateSandboxBillingKeyBody>

export const AuthenticateSandboxBillingKeyResponse = object(
  'AuthenticateSandboxBillingKeyResponse',
  'The buyer has agreed. Nothing is stored or charged yet.',
  {
    billingKey: string('The billing key that confirming issues.'),
    billingIssueToken: string(
      'What the browser would have been given; for `POST /billing-keys/confirm`, or with a payment `POST /billing-keys/confirm-issue-and-pay`.',
    ),
  },
)
export type AuthenticateSandboxBillingKeyResponse = Static<typeof AuthenticateSandboxBillingKeyResponse>

export const RenewSandboxBillingKeyBody = object('RenewSandboxBillingKeyBody', 'The new card.', {
  storeId,
  card: InstantBillingKeyPaymentMethodInputCard,
})
export type RenewSandboxBillingKeyBody = Static<typeof RenewSandboxBillingKeyBody>
