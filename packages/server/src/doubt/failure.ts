import type { PaymentFailure } from '@naru/contract'
import type { GatewayFailure } from '../gateways/port/terms.ts'
import { naruFailure } from '../kernel/codes.ts'
import { type Refusal, refusedByGateway } from '../kernel/refusal.ts'

/** A PG's refusal as payments show it. Observed in PortOne's responses: reason is `[pgCode] pgMessage`. */
export const failureOf = ({ pgCode, pgMessage }: GatewayFailure) => ({
  reason: `[${pgCode}] ${pgMessage}`,
  pgCode,
  pgMessage,
})

/** The PG's code and text of a stored failure, for the error that a caller gets. */
export const failureFacts = (failure: PaymentFailure | undefined) => {
  const unknown = naruFailure('NARU_UNKNOWN_FAILURE')
  return {
    pgCode: failure?.pgCode ?? unknown.pgCode,
    pgMessage: failure?.pgMessage ?? failure?.reason ?? unknown.pgMessage,
  }
}

/** No member of PortOne's error unions means "not known yet", so the code says it. */
export const resultUnknown = (): Refusal<'PG_PROVIDER'> => refusedByGateway(naruFailure('NARU_RESULT_UNKNOWN'))
