import type { Day } from './days.ts'
import { expectedSettlement, type FeePolicy } from './fee.ts'
import type { FileKind, PgRow } from './file.ts'
import type { Movement } from './movement.ts'

export type Difference = 'AMOUNT' | 'DATE' | 'FEE'

/** What came of comparing one movement of money on both sides. */
export type Finding = {
  readonly outcome: 'MATCHED' | 'DIFFERS' | 'MISSING_HERE' | 'MISSING_AT_PG' | 'DUPLICATE'
  /** What of a pair differs; empty otherwise. */
  readonly differences: readonly Difference[]
  readonly ours?: Movement | undefined
  readonly theirs?: PgRow | undefined
}

type Days = { readonly from: Day; readonly until: Day }

/**
 * Compares our movements of one channel with what its PG says. Both sides should reach a little over the days that are
 * asked about, so that a row with a wrong date is found as such; a finding counts where either side is within the days.
 *
 * Pairs are made by the PG's own ids alone, never by amounts that happen to be equal.
 */
export const match = (
  kind: FileKind,
  movements: readonly Movement[],
  rows: readonly PgRow[],
  policy: FeePolicy,
  days: Days,
): readonly Finding[] => {
  const unmatched = new Map(movements.map((movement) => [keyOf(movement), movement]))
  const findings: Finding[] = []
  const seen = new Set<string>()
  for (const theirs of rows) {
    const key = unmatched.has(keyOf(theirs)) || seen.has(keyOf(theirs)) ? keyOf(theirs) : reversalKey(theirs)
    const ours = unmatched.get(key)
    const isRepeated = seen.has(keyOf(theirs))
    seen.add(keyOf(theirs))
    if (isRepeated) findings.push({ outcome: 'DUPLICATE', differences: [], theirs })
    else if (!ours) findings.push({ outcome: 'MISSING_HERE', differences: [], theirs })
    else {
      unmatched.delete(key)
      const differences = differencesOf(kind, ours, theirs, policy)
      findings.push({ outcome: differences.length === 0 ? 'MATCHED' : 'DIFFERS', differences, ours, theirs })
    }
  }
  const missing = [...unmatched.values()].map((ours) => ({ outcome: 'MISSING_AT_PG', differences: [], ours }) as const)
  return [...findings, ...missing].filter((finding) => isWithin(kind, finding, policy, days))
}

const keyOf = ({ type, pgTransactionId, pgMovementId }: Pick<Movement, 'type' | 'pgTransactionId' | 'pgMovementId'>) =>
  `${type} ${pgMovementId ?? `of ${pgTransactionId}`}`

/** The refund of what was charged by mistake has no id of its own on our side. */
const reversalKey = ({ type, pgTransactionId }: PgRow) => keyOf({ type, pgTransactionId })

const differencesOf = (kind: FileKind, ours: Movement, theirs: PgRow, policy: FeePolicy): readonly Difference[] => {
  const { settlement } = theirs
  const expected = expectedSettlement(policy, { ...ours, amount: ours.amount ?? theirs.amount }, ours.date)
  const isAmount = (ours.amount ?? theirs.amount) !== theirs.amount || ours.currency !== theirs.currency
  const isDate = theirs.transactionDate !== ours.date || (settlement && settlement.date !== expected.date)
  // A fee follows from the amount: where that differs, the fee tells nothing more.
  const isFee = settlement && !isAmount && (settlement.fee !== expected.fee || settlement.feeVat !== expected.feeVat)
  return [
    ...(isAmount ? (['AMOUNT'] as const) : []),
    ...(isDate ? (['DATE'] as const) : []),
    ...(kind === 'SETTLEMENT' && isFee ? (['FEE'] as const) : []),
  ]
}

const isWithin = (kind: FileKind, { ours, theirs }: Finding, policy: FeePolicy, { from, until }: Days): boolean => {
  const within = (date: Day | undefined) => date !== undefined && date >= from && date <= until
  if (kind === 'TRANSACTION') return within(ours?.date) || within(theirs?.transactionDate)
  const expected = ours && expectedSettlement(policy, { ...ours, amount: ours.amount ?? 0 }, ours.date).date
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
