import { gatewayCall } from '../gateways/call.ts'
import type { Approval, Gateway, GatewayContext, Outcome, VirtualAccount } from '../gateways/gateway.ts'
import { type Instant, realTime, storeTime } from '../kernel/clock.ts'
import { timeOrderedId } from '../kernel/ids.ts'
import { Refusal } from '../kernel/refusal.ts'
import type { Channel } from '../merchants/store.ts'
import { attemptOutcome, awaitSettled, type PaymentSummary, patience, summarize } from './outcome.ts'
import type { AttemptStart, Payment } from './payment.ts'
import { apply, type Changed, change, load, type PaymentKey, type PaymentParts } from './process.ts'
import { type NewAttemptRefusal, requestApproval, settleApproval } from './rules/approval.ts'

export type PayCommand = {
  readonly start: Omit<AttemptStart, 'transactionId'>
  readonly channel: Channel
  readonly testCode?: string | undefined
  /** The approval call itself. It closes over the card's number, which is nowhere else. */
  readonly callGateway: (gateway: Gateway, context: GatewayContext) => Promise<Outcome<Approval | VirtualAccount>>
}

type PayRefusal = NewAttemptRefusal | Refusal<'PG_PROVIDER'>

/**
 * Pays: commits the intent, calls the PG, commits the outcome. Three round trips beside the PG's and two commits.
 *
 * `prepare` makes the command from the store's time, which comes with the payment.
 *
 * - Twice at once: the second waits for the first's result, then pays anew if that failed, or gets `ALREADY_PAID`.
 * - The same Idempotency-Key again, after a crash: finds the attempt it started and answers with its outcome.
 * - A crash after the intent: the due loop asks the PG and settles the attempt.
 */
export const pay = async <R extends Refusal>(
  parts: PaymentParts,
  key: PaymentKey,
  prepare: (now: Instant) => PayCommand | R | Promise<PayCommand | R>,
): Promise<PaymentSummary | PayRefusal | R> => {
  const since = realTime()
  let loaded = await load(parts, key)
  const command = await prepare(storeTime(loaded.clock))
  if (command instanceof Refusal) return command
  for (;;) {
    const own = startedBy(loaded.state, command.start.requestKey)
    if (own) return summarize(await attemptOutcome(parts, key, loaded, own))
    if (isApproving(loaded.state) && realTime() - since < patience)
      loaded = await awaitSettled(parts, key, (payment) => !isApproving(payment), since)
    const start = { ...command.start, transactionId: timeOrderedId() }
    const begun = await change(parts, key, (payment, now) => requestApproval(payment, start, now), loaded)
    if (!(begun instanceof Refusal)) return approve(parts, key, begun, command, start.transactionId)
    if (begun.body.type !== 'ALREADY_PAID') return begun
    loaded = await load(parts, key)
    const lostRace = isApproving(loaded.state) && realTime() - since < patience
    if (!lostRace) return begun
  }
}

const isApproving = (payment: Payment) => payment.attempts.some(({ phase }) => phase === 'APPROVING')

const startedBy = (payment: Payment, requestKey: string | undefined): string | undefined =>
  requestKey === undefined
    ? undefined
    : payment.attempts.find((attempt) => attempt.requestKey === requestKey)?.transactionId

/** Calls the PG for an attempt whose intent is committed, and commits what came of it. Also serves manual confirm. */
export const approve = async (
  parts: PaymentParts,
  key: PaymentKey,
  begun: Changed,
  command: Pick<PayCommand, 'channel' | 'testCode' | 'callGateway'>,
  transactionId: string,
): Promise<PaymentSummary | Refusal<'PG_PROVIDER'>> => {
  const call = { reference: transactionId, clock: begun.clock, testCode: command.testCode }
  const outcome = await gatewayCall(parts, key.store, command.channel, call, command.callGateway)
  const settled = await apply(parts, key, (payment, now) => settleApproval(payment, transactionId, outcome, now), begun)
  return summarize(await attemptOutcome(parts, key, settled, transactionId))
}
