import { gatewayCall } from '../gateways/call.ts'
import type { Instant } from '../kernel/clock.ts'
import { Refusal, refusedByGateway } from '../kernel/refusal.ts'
import { channelOf } from '../merchants/store.ts'
import type { LoadedPayment } from './module.ts'
import { apply, callOf, change, load, type PaymentKey, type PaymentParts, targetOf } from './module.ts'
import { awaitSettled, resultUnknown } from './outcome.ts'
import { requestClose, settleClose } from './rules/virtual-account.ts'
import { type Attempt, attemptOf, type Payment, representative } from './state/payment.ts'

type CloseRefusal = Refusal<'PAYMENT_NOT_FOUND' | 'PAYMENT_NOT_WAITING_FOR_DEPOSIT' | 'PG_PROVIDER'>

/** Closes the account that the payment waits on. A retry with the same key answers as the first call did. */
export const closeVirtualAccount = async (
  parts: PaymentParts,
  key: PaymentKey,
  input: { readonly requestKey?: string | undefined; readonly testCode?: string | undefined },
): Promise<{ closedAt: Instant } | CloseRefusal> => {
  const loaded = await load(parts, key)
  const own = input.requestKey !== undefined && representative(loaded.state)
  if (own && own.closeRequestKey === input.requestKey) return outcome(parts, key, loaded, own.transactionId)
  const begun = await change(parts, key, (payment, now) => requestClose(payment, input.requestKey, now), loaded)
  if (begun instanceof Refusal) return begun
  // The one just decided on: accounts of earlier attempts may be closing too.
  const attempt = representative(begun.state)
  if (!attempt) throw new Error(`payment ${key.paymentId} is not closing`)
  const { transactionId } = attempt
  const call = callOf(key, begun, attempt, `${transactionId}-close`, input.testCode)
  const answer = await gatewayCall(parts, key.store, channelOf(key.store, attempt), call, (gateway, context) =>
    gateway.closeVirtualAccount(context, targetOf(attempt)),
  )
  const settled = await apply(parts, key, (payment, now) => settleClose(payment, transactionId, answer, now), begun)
  if (answer.kind === 'failed') return refusedByGateway(answer.failure)
  return outcome(parts, key, settled, transactionId)
}

const outcome = async (
  parts: PaymentParts,
  key: PaymentKey,
  loaded: LoadedPayment,
  transactionId: string,
): Promise<{ closedAt: Instant } | CloseRefusal> => {
  const isDecided = (payment: Payment) => attemptOf(payment, transactionId).closing === undefined
  const settled = isDecided(loaded.state) ? loaded : await awaitSettled(parts, key, isDecided)
  return closed(attemptOf(settled.state, transactionId))
}

const closed = ({ closedAt, closing, phase }: Attempt): { closedAt: Instant } | CloseRefusal => {
  if (closedAt !== undefined) return { closedAt }
  if (closing) return resultUnknown()
  return refusedByGateway({
    pgCode: 'NARU_NOT_CLOSED',
    pgMessage: `The account was not closed; the payment is ${phase} now.`,
  })
}
