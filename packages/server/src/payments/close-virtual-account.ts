import type { AggregateKey } from '../aggregates/aggregate.ts'
import { resultUnknown } from '../doubt/failure.ts'
import { perform } from '../gateways/call.ts'
import type { Completion, Outcome } from '../gateways/port/terms.ts'
import type { Instant } from '../kernel/clock.ts'
import { naruFailure } from '../kernel/codes.ts'
import { Refusal, refusedByGateway } from '../kernel/refusal.ts'
import { channelOf } from '../merchants/store.ts'
import { inquireNotified } from './inquire.ts'
import { awaitSettled } from './outcome.ts'
import { type Changed, callOf, type LoadedPayment, type PaymentParts, targetOf } from './parts.ts'
import { closedBy, requestClose, settleClose } from './rules/virtual-account.ts'
import { type Attempt, attemptOf, type Payment } from './state/payment.ts'

type CloseRefusal = Refusal<'PAYMENT_NOT_FOUND' | 'PAYMENT_NOT_WAITING_FOR_DEPOSIT' | 'PG_PROVIDER'>

/**
 * Closes every account of the order that is open: commits the intent, asks the PG for each, commits its answers. Where the PG
 * refuses one, the others are closed nevertheless. A retry with the same key answers as the first call did.
 */
export const closeVirtualAccount = async (
  parts: PaymentParts,
  key: AggregateKey,
  input: { readonly requestKey?: string | undefined; readonly testCode?: string | undefined },
): Promise<{ closedAt: Instant } | CloseRefusal> => {
  const begun = await parts.process.change(key, (payment, now) => requestClose(payment, input.requestKey, now))
  if (begun instanceof Refusal) return begun
  const asked = begun.events.flatMap((event) =>
    event.type === 'VirtualAccountCloseRequested' ? [attemptOf(begun.state, event.transactionId)] : [],
  )
  const answers = await Promise.all(asked.map((attempt) => closeAtGateway(parts, key, begun, attempt, input.testCode)))
  for (const { answer } of answers) if (answer.kind === 'failed') return refusedByGateway(answer.failure)
  const latest = answers.reduce<LoadedPayment>(
    (one, { settled }) => (settled.version > one.version ? settled : one),
    begun,
  )
  const closing = asked.length > 0 ? asked : closedBy(begun.state, input.requestKey)
  const transactionIds = closing.map(({ transactionId }) => transactionId)
  return await closeOutcome(parts, key, latest, transactionIds)
}

/** A refusal may mean that somebody has paid in and the notification was lost, so the PG is asked about the account then. */
const closeAtGateway = async (
  parts: PaymentParts,
  key: AggregateKey,
  begun: Changed,
  attempt: Attempt,
  testCode: string | undefined,
): Promise<{ answer: Outcome<Completion>; settled: LoadedPayment }> => {
  const { transactionId } = attempt
  const call = callOf(key, begun, attempt, `${transactionId}-close`, testCode)
  const answer = await perform(parts, key.store, channelOf(key.store, attempt), call, (gateway, context) =>
    gateway.closeVirtualAccount(context, targetOf(attempt)),
  )
  const settled = await parts.process.apply(
    key,
    (payment, now) => settleClose(payment, transactionId, answer, now),
    begun,
  )
  if (answer.kind === 'failed') await inquireNotified(parts, key, transactionId)
  return { answer, settled }
}

const closeOutcome = async (
  parts: PaymentParts,
  key: AggregateKey,
  loaded: LoadedPayment,
  transactionIds: readonly string[],
): Promise<{ closedAt: Instant } | CloseRefusal> => {
  const attemptsOf = (payment: Payment) => transactionIds.map((id) => attemptOf(payment, id))
  const isDecided = (payment: Payment) => attemptsOf(payment).every(({ closing }) => closing === undefined)
  const settled = isDecided(loaded.state) ? loaded : await awaitSettled(parts, key, isDecided)
  const attempts = attemptsOf(settled.state)
  if (!isDecided(settled.state)) return resultUnknown()
  const open = attempts.find(({ closedAt }) => closedAt === undefined)
  return open ? notClosed(open) : { closedAt: Math.max(...attempts.map(({ closedAt }) => closedAt ?? 0)) }
}

const notClosed = ({ phase }: Attempt): CloseRefusal =>
  refusedByGateway(naruFailure('NARU_NOT_CLOSED', { status: phase }))
