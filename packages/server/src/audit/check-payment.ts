import { isDeepStrictEqual } from 'node:util'
import { toIso } from '../kernel/clock.ts'
import { cancellableBalance, cancelledAmount } from '../payments/amount.ts'
import { evolve, noPayment } from '../payments/evolve.ts'
import { type Attempt, type Payment, wasPaid } from '../payments/payment.ts'
import { nextDueAt } from '../payments/rules/inquiry.ts'
import { paymentAggregate } from '../payments/store.ts'
import type { Broken } from './finding.ts'
import type { AuditedPayment, Snapshot } from './rows.ts'

/** Holds a payment against its own journal, its columns and the money rules. */
export const checkPayment = (audited: AuditedPayment): readonly Broken[] => [
  ...checkReplay(audited),
  ...checkColumns(audited.snapshot),
  ...checkMoney(audited.snapshot.state),
  ...checkDue(audited.snapshot.state),
]

const checkReplay = ({ snapshot, journal }: AuditedPayment): readonly Broken[] => {
  const misfiled = journal
    .filter(({ type, event }) => type !== event.type)
    .map(({ version, type, event }) =>
      broken('journal-is-readable', `Event ${version} is filed as ${type}, but is ${event.type}.`),
    )
  const missing = missingVersions(snapshot, journal)
  // Without all the events the replay cannot agree, and saying so would say nothing new.
  if (missing) return [...misfiled, missing]
  return [...misfiled, ...compareReplay({ snapshot, journal })]
}

const missingVersions = (
  { version }: Snapshot,
  journal: Pick<AuditedPayment, 'journal'>['journal'],
): Broken | undefined => {
  const gap = journal.findIndex((row, index) => row.version !== index + 1)
  if (gap >= 0) return broken('journal-has-no-gap', `Event ${gap + 1} is missing; ${journal[gap]?.version} follows.`)
  return journal.length === version
    ? undefined
    : broken('journal-has-no-gap', `The journal has ${journal.length} events, the payment is at version ${version}.`)
}

const compareReplay = ({ snapshot, journal }: Pick<AuditedPayment, 'snapshot' | 'journal'>): readonly Broken[] => {
  const nothing = noPayment(snapshot.merchantId, snapshot.storeId, snapshot.paymentId)
  try {
    const replayed = throughJson(journal.reduce((payment, { event, at }) => evolve(payment, event, at), nothing))
    if (isDeepStrictEqual(replayed, snapshot.state)) return []
    return [broken('snapshot-is-the-replay', `Replaying gives another ${differences(replayed, snapshot.state)}.`)]
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return [broken('journal-is-readable', `The events cannot be replayed: ${reason}`)]
  }
}

const throughJson = (payment: Payment): unknown => JSON.parse(JSON.stringify(payment))

/** The paths at which two values differ, a few of them. */
const differences = (one: unknown, other: unknown): string => {
  const paths = [...differingPaths(one, other, '')]
  return paths.length > 5 ? `${paths.slice(0, 5).join(', ')} and ${paths.length - 5} more` : paths.join(', ')
}

function* differingPaths(one: unknown, other: unknown, path: string): Generator<string> {
  if (isDeepStrictEqual(one, other)) return
  if (!isObject(one) || !isObject(other)) {
    yield path
    return
  }
  for (const name of new Set([...Object.keys(one), ...Object.keys(other)]))
    yield* differingPaths(one[name], other[name], path === '' ? name : `${path}.${name}`)
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null

const checkColumns = ({ state, row }: Snapshot): readonly Broken[] =>
  Object.entries(paymentAggregate.columns(state)).flatMap(([name, expected]) => {
    const actual = comparable(row[name], expected)
    if (isDeepStrictEqual(actual, expected)) return []
    const values = `${JSON.stringify(actual)} instead of ${JSON.stringify(expected)}`
    return [broken('columns-follow-the-snapshot', `The column ${name} is ${values}.`)]
  })

/** Times are written as text and read as instants. */
const comparable = (actual: unknown, expected: unknown): unknown =>
  typeof actual === 'number' && typeof expected === 'string' ? toIso(actual) : actual

const checkMoney = ({ attempts }: Payment): readonly Broken[] => {
  const paid = attempts.filter(wasPaid).map(({ transactionId }) => transactionId)
  const twice = paid.length > 1 ? [broken('money-adds-up', `Paid more than once, by ${paid.join(' and ')}.`)] : []
  return [...twice, ...attempts.flatMap(checkAttemptMoney)]
}

const checkAttemptMoney = (attempt: Attempt): readonly Broken[] => {
  const { transactionId, phase, request, cancellations } = attempt
  const balance = cancellableBalance(attempt)
  const overdrawn = Object.entries(balance)
    .filter(([, left]) => left < 0)
    .map(([part, left]) => broken('money-adds-up', `${transactionId} has ${left} left of its ${part} amount.`))
  const isAll = cancelledAmount(attempt) === request.amount.total
  if (isAll !== (phase === 'CANCELLED'))
    overdrawn.push(
      broken(
        'money-adds-up',
        `${transactionId} is ${phase} with ${cancelledAmount(attempt)} of ${request.amount.total} refunded.`,
      ),
    )
  if (!wasPaid(attempt) && cancellations.length > 0)
    overdrawn.push(broken('money-adds-up', `${transactionId} is ${phase} and has cancellations.`))
  return overdrawn
}

const checkDue = (payment: Payment): readonly Broken[] => {
  const forgotten = payment.attempts.flatMap(undecidedWithoutInquiry)
  const isWaiting = payment.attempts.some(({ phase }) => phase === 'VIRTUAL_ACCOUNT_ISSUED')
  if (isWaiting && nextDueAt(payment) === undefined) forgotten.push('a virtual account that never expires')
  return forgotten.map((what) => broken('undecided-is-due', `Nobody will ever ask about ${what}.`))
}

const undecidedWithoutInquiry = (attempt: Attempt): string[] => {
  const { transactionId, phase, inquiry, capture, cancellations } = attempt
  const isUndecided = phase === 'APPROVING' || phase === 'PAY_PENDING' || phase === 'REVERSING'
  return [
    ...(isUndecided && !inquiry ? [`${transactionId}, which is ${phase}`] : []),
    ...(capture && capture.capturedAt === undefined && !capture.inquiry ? [`the capture of ${transactionId}`] : []),
    ...cancellations
      .filter((cancellation) => cancellation.status === 'REQUESTED' && !cancellation.inquiry)
      .map(({ id }) => `the cancellation ${id}`),
  ]
}

const broken = (rule: Broken['rule'], what: string): Broken => ({ rule, what })
