import {
  amount,
  array,
  boolean,
  dateTime,
  described,
  enumeration,
  integer,
  object,
  optional,
  type Static,
  string,
} from '../../schema.ts'
import { InstantBillingKeyPaymentMethodInputCard } from '../billing-key/issue.ts'
import { Bank } from '../common/bank.ts'
import { Currency } from '../common/currency.ts'
import { CustomerInput } from '../common/customer.ts'
import { EasyPayProvider } from '../common/easy-pay-provider.ts'
import { PaymentAmountInput } from '../common/money.ts'
import { IdentityVerificationRequestedCustomer } from '../identity-verification/identity-verification.ts'
import { CashReceiptInput } from '../payment/cash-receipt.ts'
import { InstantPaymentInput, InstantPaymentMethodInput } from '../payment/instant-payment.ts'

const storeId = optional(string("The store. Defaults to the credential's own store."))

export const SandboxStoreBody = object('SandboxStoreBody', 'Which sandbox store is meant.', { storeId })
export type SandboxStoreBody = Static<typeof SandboxStoreBody>

export const SandboxClock = object('SandboxClock', "A store's clock.", {
  now: dateTime('What the clock shows.'),
  isStopped: boolean('Whether it stands still until it is started or advanced.'),
})
export type SandboxClock = Static<typeof SandboxClock>

export const AdvanceSandboxClockBody = object(
  'AdvanceSandboxClockBody',
  'How far to move the clock: to an instant, or by the sum of the units given.',
  {
    storeId,
    to: optional(dateTime('The instant to move to; not earlier than what the clock shows.')),
    days: optional(integer('Days of 24 hours.')),
    hours: optional(integer('Hours.')),
    minutes: optional(integer('Minutes.')),
    seconds: optional(integer('Seconds.')),
  },
)
export type AdvanceSandboxClockBody = Static<typeof AdvanceSandboxClockBody>

export const SandboxRan = object('SandboxRan', 'Something that fell due on the way and was run.', {
  source: string('What kind of thing, such as `webhook` or `payment`.'),
  id: string('Which one.'),
  at: dateTime('The instant at which it was run, by the clock.'),
})
export type SandboxRan = Static<typeof SandboxRan>

export const AdvanceSandboxClockResponse = object('AdvanceSandboxClockResponse', 'Where the clock is now.', {
  now: dateTime('What the clock shows.'),
  ran: array(SandboxRan, 'What was run, in order.'),
})
export type AdvanceSandboxClockResponse = Static<typeof AdvanceSandboxClockResponse>

export const DepositSandboxPaymentBody = object('DepositSandboxPaymentBody', 'The deposit to simulate.', {
  storeId,
  amount: optional(amount('How much arrives. Defaults to what the account waits for; a bank sends back any other.')),
  remitterName: optional(string('Who pays it in.')),
})
export type DepositSandboxPaymentBody = Static<typeof DepositSandboxPaymentBody>

export const SandboxTransferInput = object('SandboxTransferInput', 'To pay by bank transfer, as in the window.', {
  bank: Bank,
  accountNumber: optional(string("The buyer's account. Only the last four digits are kept.")),
  cashReceipt: optional(described(CashReceiptInput, 'The cash receipt that the buyer asks for in the window.')),
})
export type SandboxTransferInput = Static<typeof SandboxTransferInput>

export const SandboxPaymentMethodInput = object(
  'SandboxPaymentMethodInput',
  'How the buyer pays in the window; give exactly one.',
  { ...InstantPaymentMethodInput.properties, transfer: optional(SandboxTransferInput) },
)
export type SandboxPaymentMethodInput = Static<typeof SandboxPaymentMethodInput>

export const AuthenticateSandboxPaymentBody = object(
  'AuthenticateSandboxPaymentBody',
  'What the buyer agrees to in the window, and how.',
  {
    ...InstantPaymentInput.properties,
    method: SandboxPaymentMethodInput,
    confirmUrl: optional(
      string(
        "The merchant's server to ask right before the approval, as the browser SDK takes it. Where it answers 2xx the payment is approved at once, otherwise it fails; there is nothing to confirm afterwards.",
      ),
    ),
  },
)
export type AuthenticateSandboxPaymentBody = Static<typeof AuthenticateSandboxPaymentBody>

export const AuthenticateSandboxPaymentResponse = object(
  'AuthenticateSandboxPaymentResponse',
  'The payment is READY, and can be confirmed with the token.',
  {
    transactionId: string('The attempt that was begun.'),
    paymentToken: string(
      'What the browser would have been given; for `POST /payments/{paymentId}/confirm`. Used up where a `confirmUrl` was given.',
    ),
  },
)
export type AuthenticateSandboxPaymentResponse = Static<typeof AuthenticateSandboxPaymentResponse>

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

export const OpenSandboxIdentityVerificationBody = object(
  'OpenSandboxIdentityVerificationBody',
  'Which window, and what the merchant knows of the person.',
  {
    storeId,
    channelKey: string('The channel to verify through.'),
    customer: optional(IdentityVerificationRequestedCustomer),
    customData: optional(string('Any text of the merchant, returned as it was.')),
  },
)
export type OpenSandboxIdentityVerificationBody = Static<typeof OpenSandboxIdentityVerificationBody>

export const SandboxResolution = enumeration('SandboxResolution', 'What the payment gateway finally says.', [
  'APPROVED',
  'FAILED',
  'NONE',
])
export type SandboxResolution = Static<typeof SandboxResolution>

export const ResolveSandboxPaymentBody = object('ResolveSandboxPaymentBody', 'How to end the doubt.', {
  storeId,
  as: SandboxResolution,
})
export type ResolveSandboxPaymentBody = Static<typeof ResolveSandboxPaymentBody>

export const SandboxDisputeState = enumeration('SandboxDisputeState', 'What becomes of a dispute.', [
  'OPEN',
  'WON',
  'LOST',
])
export type SandboxDisputeState = Static<typeof SandboxDisputeState>

export const DisputeSandboxPaymentBody = object('DisputeSandboxPaymentBody', 'What the buyer or the bank does.', {
  storeId,
  as: described(SandboxDisputeState, 'Open a dispute, or end it: won or lost by the merchant.'),
})
export type DisputeSandboxPaymentBody = Static<typeof DisputeSandboxPaymentBody>

export const SandboxEscrowStatus = enumeration(
  'SandboxEscrowStatus',
  'What becomes of goods in escrow once their shipment is registered.',
  ['DELIVERED', 'CONFIRMED', 'REJECTED', 'REJECT_CONFIRMED'],
)
export type SandboxEscrowStatus = Static<typeof SandboxEscrowStatus>

export const ProgressSandboxEscrowBody = object('ProgressSandboxEscrowBody', 'What happened to the goods.', {
  storeId,
  status: described(
    SandboxEscrowStatus,
    'The goods arrived, or the buyer keeps them or returns them: each from registration or delivery on. A return is accepted (`REJECT_CONFIRMED`) after it was announced (`REJECTED`).',
  ),
  isAutomaticallyConfirmed: optional(
    boolean(
      'With `CONFIRMED` only: that time ran out for the buyer to object, rather than the buyer confirming. Defaults to false.',
    ),
  ),
})
export type ProgressSandboxEscrowBody = Static<typeof ProgressSandboxEscrowBody>

export const SandboxLedgerQuery = object('SandboxLedgerQuery', 'Which entries to show.', {
  storeId,
  paymentId: optional(string('Only entries of this payment. Defaults to the latest 1,000 of the store.')),
})

export const SandboxLedgerEntry = object('SandboxLedgerEntry', "A transaction in the sandbox gateway's own books.", {
  reference: string('Our name for it: the transaction id.'),
  pgTxId: string("The gateway's own id."),
  state: string('What became of it at the gateway.'),
  code: string('The scenario it follows.'),
  amount: amount('What was charged.'),
  cancelledAmount: amount('What was refunded of it.'),
  currency: string('The currency.'),
  dispute: optional(described(SandboxDisputeState, 'Whether the buyer objected, and who won.')),
  escrow: optional(described(SandboxEscrowStatus, 'What became of the goods, beyond what the gateway was told.')),
  createdAt: dateTime('When the gateway got the request.'),
  cancellations: array(
    object('SandboxLedgerCancellation', "A refund in the sandbox gateway's own books.", {
      reference: string('Our name for it: the cancellation id.'),
      pgCancellationId: string("The gateway's own id."),
      state: string('What became of it at the gateway.'),
      amount: amount('How much.'),
    }),
    'Refunds that were asked for.',
  ),
  notifications: array(
    object('SandboxLedgerNotification', 'What the gateway has to tell us and we have not taken yet.', {
      id: string('Its id, for `POST /sandbox/notifications/{notificationId}/deliver`.'),
      action: string('What it stands for. `ANNOUNCE` and `ANNOUNCE_DELAYED`: what has happened already.'),
      cancellationReference: optional(string('The cancellation id, where it is about a refund.')),
      dueAt: optional(
        dateTime(
          'When it will happen, and be announced. Absent: it got lost or was refused, and stays until delivered.',
        ),
      ),
    }),
    'Notifications that wait, got lost, or were refused.',
  ),
})
export type SandboxLedgerEntry = Static<typeof SandboxLedgerEntry>

export const GetSandboxLedgerResponse = object('GetSandboxLedgerResponse', "The sandbox gateway's books.", {
  items: array(SandboxLedgerEntry, 'Newest first.'),
})
export type GetSandboxLedgerResponse = Static<typeof GetSandboxLedgerResponse>

export const CreateSandboxStoreBody = object('CreateSandboxStoreBody', 'The store to create.', {
  name: optional(string('What people call it.')),
  webhookUrl: optional(string('Where its webhooks go. Defaults to none.')),
})
export type CreateSandboxStoreBody = Static<typeof CreateSandboxStoreBody>

export const CreateSandboxStoreResponse = object(
  'CreateSandboxStoreResponse',
  'A store of its own, with everything needed to use it. The secrets are shown this once.',
  {
    storeId: string('The store.'),
    apiSecret: string('Its API secret, for this store alone.'),
    channelKey: string('Its sandbox channel.'),
    webhookSecret: string('The secret its webhooks are signed with.'),
  },
)
export type CreateSandboxStoreResponse = Static<typeof CreateSandboxStoreResponse>

export const SandboxDone = object('SandboxDone', 'Done.', {})
export type SandboxDone = Static<typeof SandboxDone>
