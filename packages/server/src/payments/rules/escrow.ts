import type { GatewayEscrow } from '../../gateways/port/fulfilment.ts'
import type { GatewayPayment } from '../../gateways/port/payment.ts'
import type { Outcome } from '../../gateways/port/terms.ts'
import type { PaymentEvent } from '../state/event.ts'
import { type Attempt, attemptOf, type Payment } from '../state/payment.ts'

/** Applies what the PG says became of goods in escrow: that they arrived, and whether the buyer keeps them. */
export const settleEscrow = (
  payment: Payment,
  transactionId: string,
  outcome: Outcome<GatewayPayment>,
): readonly PaymentEvent[] => {
  const attempt = attemptOf(payment, transactionId)
  const progress = wordOf(outcome)
  const { phase, request } = attempt
  const isOpen = phase === 'PAID' || phase === 'PARTIAL_CANCELLED'
  if (!progress || !isOpen || !request.isEscrow || !leadsOn(attempt, progress)) return []
  return [{ type: 'EscrowProgressed', transactionId, progress }]
}

/** Whether `settleEscrow` could have anything to say: most payments are not under escrow. */
export const mayTellOfEscrow = (attempt: Attempt, outcome: Outcome<GatewayPayment>): boolean =>
  attempt.request.isEscrow === true && wordOf(outcome) !== undefined

const wordOf = (outcome: Outcome<GatewayPayment>): GatewayEscrow | undefined =>
  outcome.kind === 'succeeded' && (outcome.value.state === 'APPROVED' || outcome.value.state === 'DEPOSITED')
    ? outcome.value.escrow
    : undefined

/**
 * Answers may overtake each other: an older one must not take the goods back. What is said before we know that the
 * shipment was registered is kept until we do.
 */
const leadsOn = ({ fulfilment }: Attempt, { status }: GatewayEscrow): boolean => {
  const known = fulfilment?.confirmedAt === undefined ? fulfilment?.progress?.status : 'CONFIRMED'
  return known === undefined || followers[known].includes(status)
}

const followers: Readonly<Record<GatewayEscrow['status'], readonly GatewayEscrow['status'][]>> = {
  DELIVERED: ['CONFIRMED', 'REJECTED', 'REJECT_CONFIRMED'],
  REJECTED: ['REJECT_CONFIRMED'],
  CONFIRMED: [],
  REJECT_CONFIRMED: [],
}
