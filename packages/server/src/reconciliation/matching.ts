import { type Day, type Days, isWithin } from '../kernel/days.ts'
import { expectedSettlement, type FeePolicy } from '../merchants/fee-policy.ts'
import type { Movement } from './movement.ts'
import type { ChannelRow } from './store.ts'

export type Difference = 'AMOUNT' | 'DATE' | 'FEE'

/** The result of comparing one movement of money on both sides. */
export type Finding = {
  readonly outcome: 'MATCHED' | 'DIFFERS' | 'MISSING_HERE' | 'MISSING_AT_PG' | 'DUPLICATE'
  /** The fields in which the two sides of a pair differ; empty if they agree. */
  readonly differences: readonly Difference[]
  readonly ours?: Movement | undefined
  readonly theirs?: ChannelRow | undefined
}

/** Which file is compared. Settlements are compared with the fees and dates of the channel's contract. */
export type Comparison = { readonly kind: 'TRANSACTION' } | { readonly kind: 'SETTLEMENT'; readonly policy: FeePolicy }

/**
 * Compares our movements with the PGs' files. Both sides should reach a little beyond the days in question, so that a row
 * with a wrong date is recognised; a finding counts if either side is within the days.
 *
 * Rows are paired by the PG's own ids within a channel, never by equal amounts, nor across channels: two PGs may give the
 * same id.
 */
export const match = (
  comparison: Comparison,
  movements: readonly Movement[],
  rows: readonly ChannelRow[],
  days: Days,
): readonly Finding[] => {
  const unmatched = new Map(movements.map((movement) => [pairKey(movement), movement]))
  const findings: Finding[] = []
  const seen = new Set<string>()
  for (const theirs of rows) {
    if (seen.has(pairKey(theirs))) {
      findings.push({ outcome: 'DUPLICATE', differences: [], theirs })
      continue
    }
    seen.add(pairKey(theirs))
    const ours = unmatched.get(pairKey(theirs)) ?? unmatched.get(reversalKey(theirs))
    if (ours) unmatched.delete(pairKey(ours))
    findings.push(ours ? compare(comparison, ours, theirs) : { outcome: 'MISSING_HERE', differences: [], theirs })
  }
  const missing = [...unmatched.values()].map((ours) => ({ outcome: 'MISSING_AT_PG', differences: [], ours }) as const)
  return [...findings, ...missing].filter((finding) => isAskedFor(comparison, finding, days))
}

type Ids = Pick<ChannelRow, 'channelId' | 'type' | 'pgTransactionId'> & { readonly pgMovementId?: string | undefined }

/** The key that pairs a movement with a PG's row. It is JSON because ids may contain any character. */
export const pairKey = ({ channelId, type, pgTransactionId, pgMovementId }: Ids): string =>
  JSON.stringify(
    pgMovementId === undefined ? [channelId, type, pgTransactionId, null] : [channelId, type, pgMovementId],
  )

/** The reversal of a mistaken charge has no id of its own on our side. */
const reversalKey = ({ channelId, type, pgTransactionId }: ChannelRow) => pairKey({ channelId, type, pgTransactionId })

const compare = (comparison: Comparison, ours: Movement, theirs: ChannelRow): Finding => {
  const differences = differencesOf(comparison, ours, theirs)
  return { outcome: differences.length === 0 ? 'MATCHED' : 'DIFFERS', differences, ours, theirs }
}

const differencesOf = (comparison: Comparison, ours: Movement, theirs: ChannelRow): readonly Difference[] => {
  const isPossible = isWithin(theirs.transactionDate, { from: ours.since ?? ours.date, until: ours.date })
  const date = isPossible ? theirs.transactionDate : ours.date
  const isAmount = (ours.amount ?? theirs.amount) !== theirs.amount || ours.currency !== theirs.currency
  const { isDate, isFee } = settlementDifferences(comparison, ours, theirs, date)
  return [
    ...(isAmount ? (['AMOUNT'] as const) : []),
    ...(!isPossible || isDate ? (['DATE'] as const) : []),
    // The fee follows from the amount: if that differs, the fee says nothing more.
    ...(isFee && !isAmount ? (['FEE'] as const) : []),
  ]
}

const settlementDifferences = (comparison: Comparison, ours: Movement, theirs: ChannelRow, date: Day) => {
  const { settlement } = theirs
  if (comparison.kind === 'TRANSACTION' || !settlement) return { isDate: false, isFee: false }
  const expected = expectedSettlement(comparison.policy, { ...ours, amount: ours.amount ?? theirs.amount }, date)
  return {
    isDate: settlement.date !== expected.date,
    isFee: settlement.fee !== expected.fee || settlement.feeVat !== expected.feeVat,
  }
}

const isAskedFor = (comparison: Comparison, { ours, theirs }: Finding, days: Days): boolean => {
  const within = (date: Day | undefined) => isWithin(date, days)
  if (comparison.kind === 'TRANSACTION') return within(ours?.date) || within(theirs?.transactionDate)
  const expected = ours && expectedSettlement(comparison.policy, { ...ours, amount: ours.amount ?? 0 }, ours.date).date
  return within(expected) || within(theirs?.settlement?.date)
}

export type Totals = Readonly<Record<Finding['outcome'], number>>

export const totalsOf = (findings: readonly Finding[]): Totals => {
  const count = (outcome: Finding['outcome']) => findings.filter((finding) => finding.outcome === outcome).length
  return {
    MATCHED: count('MATCHED'),
    DIFFERS: count('DIFFERS'),
    MISSING_HERE: count('MISSING_HERE'),
    MISSING_AT_PG: count('MISSING_AT_PG'),
    DUPLICATE: count('DUPLICATE'),
  }
}
