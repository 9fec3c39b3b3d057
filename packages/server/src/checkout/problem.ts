import type { CheckoutProblem, RefusalCode } from '@naru/contract'
import type { Refusal } from '../kernel/refusal.ts'

/** Why nothing is opened: what the SDK's promise is rejected with. */
export class Unopened {
  readonly problem: CheckoutProblem
  constructor(code: UnopenedCode, message: string, failure?: { readonly pgCode: string; readonly pgMessage: string }) {
    this.problem = { code, message, ...failure }
  }
}

/** `Unavailable` is the script's own: it heard nothing from the server. */
export type UnopenedCode = Exclude<RefusalCode, 'Unavailable'>

/** The API's refusals in the words of PortOne's browser SDK. */
export const unopenedBy = ({ body }: Refusal): Unopened => {
  const message = body.message ?? 'The request was refused.'
  switch (body.type) {
    case 'CHANNEL_NOT_FOUND':
      return new Unopened('ChannelNotFound', message)
    case 'ALREADY_PAID':
      return new Unopened('PaymentAlreadyPaid', message)
    case 'MAX_TRANSACTION_COUNT_REACHED':
    case 'PAYMENT_SCHEDULE_ALREADY_EXISTS':
      return new Unopened('InvalidEntityState', message)
    case 'IDENTITY_VERIFICATION_ALREADY_VERIFIED':
      return new Unopened('IdentityVerificationAlreadyVerified', message)
    case 'PG_PROVIDER':
      return new Unopened('PGProviderError', message, body)
    default:
      return new Unopened('RequestParseFailed', message)
  }
}
