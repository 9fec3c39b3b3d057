import type { CheckoutProblem } from '@naru/contract'

/** Why nothing is opened: what the SDK's promise is rejected with. */
export class Unopened {
  readonly problem: CheckoutProblem
  constructor(code: UnopenedCode, message: string, failure?: { readonly pgCode: string; readonly pgMessage: string }) {
    this.problem = { code, message, ...failure }
  }
}

/** Codes of PortOne's browser SDK. */
export type UnopenedCode =
  | 'BadRequest'
  | 'RequestParseFailed'
  | 'StoreNotFound'
  | 'ChannelNotFound'
  | 'AllChannelsNotSatisfied'
  | 'PaymentAlreadyPaid'
  | 'AmountNotEqualToPredefined'
  | 'ConfirmUrlRequired'
  | 'IdentityVerificationAlreadyVerified'
  | 'InvalidEntityState'
  | 'PGProviderError'
  | 'ResourceExhausted'
  | 'TransactionNotFound'
  | 'UnknownError'
