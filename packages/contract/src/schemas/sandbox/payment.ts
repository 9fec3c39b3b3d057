import { amount, boolean, described, enumeration, object, optional, type Static, string } from '../../schema.ts'
import { Bank } from '../common/bank.ts'
import { CashReceiptInput } from '../payment/cash-receipt.ts'
import { InstantPaymentInput, InstantPaymentMethodInput } from '../payment/instant-payment.ts'
import { storeId } from './store-id.ts'

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
