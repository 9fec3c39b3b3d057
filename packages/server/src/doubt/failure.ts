import type { PaymentFailure } from '@naru/contract'
import type { GatewayFailure } from '../gateways/port/terms.ts'
import { type Refusal, refusedByGateway } from '../kernel/refusal.ts'

/** A PG's refusal as payments show it. Observed in PortOne's responses: reason is `[pgCode] pgMessage`. */
export const failureOf = ({ pgCode, pgMessage }: GatewayFailure) => ({
  reason: `[${pgCode}] ${pgMessage}`,
  pgCode,
  pgMessage,
})

/** The PG's code and text of a stored failure, for the error that a caller gets. */
export const failureFacts = (failure: PaymentFailure | undefined) => ({
  pgCode: failure?.pgCode ?? 'NARU_UNKNOWN_FAILURE',
  pgMessage: failure?.pgMessage ?? failure?.reason ?? 'The payment gateway refused without saying why.',
})

/** No member of PortOne's error unions means "not known yet", so the code says it. */
export const resultUnknown = (): Refusal<'PG_PROVIDER'> =>
  refusedByGateway({
    pgCode: 'NARU_RESULT_UNKNOWN',
    pgMessage:
      'The payment gateway has not said yet whether it happened. Naru keeps asking and announces the result by webhook. ' +
      'Do not try again under another id: read the payment.',
  })
