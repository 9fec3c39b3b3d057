import { type Day, type Days, isWithin } from './days.ts'
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
    if (seen.has(keyOf(theirs))) {
      findings.push({ outcome: 'DUPLICATE', differences: [], theirs })
      continue
    }
    seen.add(keyOf(theirs))
    const ours = unmatched.get(keyOf(theirs)) ?? unmatched.get(reversalKey(theirs))
    if (ours) unmatched.delete(keyOf(ours))
    findings.push(ours ? compare(kind, ours, theirs, policy) : { outcome: 'MISSING_HERE', differences: [], theirs })
  }
  const missing = [...unmatched.values()].map((ours) => ({ outcome: 'MISSING_AT_PG', differences: [], ours }) as const)
  return [...findings, ...missing].filter((finding) => isAskedFor(kind, finding, policy, days))
}

const keyOf = ({ type, pgTransactionId, pgMovementId }: Pick<Movement, 'type' | 'pgTransactionId' | 'pgMovementId'>) =>
  `${type} ${pgMovementId ?? `of ${pgTransactionId}`}`

/** The refund of what was charged by mistake has no id of its own on our side. */
const reversalKey = ({ type, pgTransactionId }: PgRow) => keyOf({ type, pgTransactionId })

const compare = (kind: FileKind, ours: Movement, theirs: PgRow, policy: FeePolicy): Finding => {
  const differences = differencesOf(kind, ours, theirs, policy)
  return { outcome: differences.length === 0 ? 'MATCHED' : 'DIFFERS', differences, ours, theirs }
}

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

const isAskedFor = (kind: FileKind, { ours, theirs }: Finding, policy: FeePolicy, days: Days): boolean => {
  const within = (date: Day | undefined) => isWithin(date, days)
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
