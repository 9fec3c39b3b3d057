import { sum } from '../kernel/money.ts'
import type { Attempt, Cancellation } from '../payments/state/payment.ts'
import { chargedAmount, refundOf } from '../payments/state/promotion.ts'
import { isBeingReversed } from '../payments/state/reversal.ts'
import { broken } from './compare.ts'
import type { Broken } from './finding.ts'
import type { Charge, Refund } from './ledger.ts'
import type { AuditedPayment } from './rows.ts'

/**
 * Compares a payment with the sandbox PG's books. Undecided results may differ: the PG will be asked about them. So may results
 * that the PG has not announced yet.
 */
export const checkSandbox = ({ snapshot, ledger }: AuditedPayment): readonly Broken[] => {
  const { attempts } = snapshot.state
  const charged = attempts.flatMap(({ transactionId }) => ledger.charges.get(transactionId) ?? [])
  return [
    ...attempts
      .filter(({ channel }) => channel.id !== undefined && ledger.sandboxChannels.has(channel.id))
      .flatMap((attempt) => checkAttempt(attempt, ledger.charges.get(attempt.transactionId))),
    ...charged.flatMap(checkSums),
  ]
}

const checkAttempt = (attempt: Attempt, charge: Charge | undefined): readonly Broken[] => {
  switch (attempt.phase) {
    case 'APPROVING':
    case 'PAY_PENDING':
    case 'REVERSING':
      return []
    case 'PAID':
    case 'PARTIAL_CANCELLED':
    case 'CANCELLED':
      return charge ? [...checkCharge(attempt, charge), ...checkRefunds(attempt, charge)] : [neverCharged(attempt)]
    case 'VIRTUAL_ACCOUNT_ISSUED':
      // A deposit whose announcement was lost is found when the account expires.
      return charge ? checkAmount(attempt, charge) : [neverCharged(attempt)]
    case 'READY':
    case 'FAILED':
      // What the PG refuses to give back is named by what it said itself, and what it gives back later is on its way.
      return charge && !isBeingReversed(attempt) ? checkNothingKept(attempt, charge) : []
  }
}

const neverCharged = ({ transactionId, phase }: Attempt): Broken =>
  broken('paid-is-charged', `${transactionId} is ${phase}, but the PG has never heard of it.`)

const checkCharge = (attempt: Attempt, charge: Charge): readonly Broken[] =>
  hasMoney(charge)
    ? checkAmount(attempt, charge)
    : [broken('paid-is-charged', `${attempt.transactionId} is ${attempt.phase}, at the PG it is ${charge.state}.`)]

const checkAmount = (attempt: Attempt, charge: Charge): readonly Broken[] => {
  const { transactionId, request } = attempt
  const ours = `${chargedAmount(attempt)} ${request.currency}`
  const theirs = `${charge.amount} ${charge.currency}`
  return ours === theirs ? [] : [broken('paid-is-charged', `${transactionId} is for ${ours}, at the PG for ${theirs}.`)]
}

/** An attempt that is not paid must not have charged anybody, or must have been refunded. */
const checkNothingKept = ({ transactionId, phase }: Attempt, charge: Charge): readonly Broken[] => {
  const kept = hasMoney(charge) ? charge.amount - charge.cancelledAmount : 0
  return kept === 0 || charge.isAnnouncing
    ? []
    : [
        broken(
          'charged-is-known',
          `${transactionId} is ${phase}, but the PG charged ${charge.amount} and keeps ${kept}.`,
        ),
      ]
}

const checkRefunds = (attempt: Attempt, charge: Charge): readonly Broken[] => {
  const theirs = new Map(charge.refunds.map((refund) => [refund.reference, refund]))
  const ours = new Map(attempt.cancellations.map((cancellation) => [cancellation.id, cancellation]))
  return [
    ...attempt.cancellations
      // If the lost discount equals the cancelled amount, the PG had nothing to refund.
      .filter((cancellation) => cancellation.status === 'SUCCEEDED' && refundOf(cancellation) > 0)
      .flatMap((cancellation) => missingRefund(cancellation, theirs.get(cancellation.id))),
    ...charge.refunds
      .filter(({ state }) => state === 'SUCCEEDED')
      .flatMap((refund) => unknownRefund(refund, ours.get(refund.reference))),
  ]
}

const missingRefund = (cancellation: Cancellation, refund: Refund | undefined): readonly Broken[] => {
  const { id } = cancellation
  const ours = refundOf(cancellation)
  if (refund?.state !== 'SUCCEEDED')
    return [broken('refunds-agree', `The cancellation ${id} succeeded, at the PG it is ${refund?.state ?? 'unknown'}.`)]
  if (refund.amount === ours) return []
  return [broken('refunds-agree', `The cancellation ${id} is for ${ours}, at the PG for ${refund.amount}.`)]
}

const unknownRefund = ({ reference, amount }: Refund, cancellation: Cancellation | undefined): readonly Broken[] => {
  if (cancellation && cancellation.status !== 'FAILED') return []
  const status = cancellation ? 'FAILED' : 'unknown'
  return [broken('refunds-agree', `The PG refunded ${amount} as ${reference}, which is ${status} here.`)]
}

const checkSums = ({ reference, cancelledAmount, reservedAmount, refunds }: Charge): readonly Broken[] => {
  const sumOf = (state: Refund['state']) => sum(refunds.filter((refund) => refund.state === state).map((r) => r.amount))
  const [refunded, held] = [sumOf('SUCCEEDED'), sumOf('PENDING')]
  if (refunded === cancelledAmount && held === reservedAmount) return []
  const what = `${cancelledAmount} refunded and ${reservedAmount} held of ${reference}, its refunds say ${refunded} and ${held}`
  return [broken('gateway-adds-up', `The PG has ${what}.`)]
}

const hasMoney = ({ state }: Charge): boolean => state === 'APPROVED' || state === 'DEPOSITED'
