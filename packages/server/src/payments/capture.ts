import type { AggregateKey } from '../aggregates/aggregate.ts'
import { resultUnknown } from '../doubt/failure.ts'
import { perform } from '../gateways/call.ts'
import { naruFailure } from '../kernel/codes.ts'
import { Refusal, refuse, refusedByGateway } from '../kernel/refusal.ts'
import { channelOf } from '../merchants/store.ts'
import { awaitSettled } from './outcome.ts'
import { callOf, type PaymentParts, targetOf } from './parts.ts'
import { requestCapture, settleCapture } from './rules/capture.ts'
import { attemptOf, type Payment, representative } from './state/payment.ts'

type CaptureRefusal = Refusal<'INVALID_REQUEST' | 'PAYMENT_NOT_FOUND' | 'PAYMENT_NOT_PAID' | 'PG_PROVIDER'>

/** Has the PG acquire an authorised payment. Capturing again is a success that does nothing. */
export const capture = async (
  parts: PaymentParts,
  key: AggregateKey,
  input: { readonly testCode?: string | undefined },
): Promise<undefined | CaptureRefusal> => {
  const loaded = await parts.process.load(key)
  const begun = await parts.process.change(
    key,
    (payment, now) => {
      const requested = requestCapture(payment, now)
      return requested instanceof Refusal ? requested : (refuseAutomatic(key, payment) ?? requested)
    },
    loaded,
  )
  if (begun instanceof Refusal) return begun
  const attempt = representative(begun.state)
  if (!attempt) throw new Error(`payment ${key.id} has no attempt to capture`)
  if (begun.events.length === 0) return awaitCapture(parts, key, begun.state, attempt.transactionId)
  const { transactionId } = attempt
  const call = callOf(key, begun, attempt, `${transactionId}-capture`, input.testCode)
  const answer = await perform(parts, key.store, channelOf(key.store, attempt), call, (gateway, context) =>
    gateway.capture(context, targetOf(attempt)),
  )
  const settled = await parts.process.apply(
    key,
    (payment, now) => settleCapture(payment, transactionId, answer, now),
    begun,
  )
  if (answer.kind === 'failed') return refusedByGateway(answer.failure)
  return awaitCapture(parts, key, settled.state, transactionId)
}

const refuseAutomatic = (key: AggregateKey, payment: Payment): Refusal<'INVALID_REQUEST'> | undefined => {
  const attempt = representative(payment)
  if (!attempt || channelOf(key.store, attempt).manualCapture) return undefined
  return refuse(
    'INVALID_REQUEST',
    'The channel captures by itself. Only payments of a channel with manual capture can be captured.',
  )
}

const awaitCapture = async (
  parts: PaymentParts,
  key: AggregateKey,
  payment: Payment,
  transactionId: string,
): Promise<undefined | Refusal<'PG_PROVIDER'>> => {
  const isDecided = (state: Payment) => attemptOf(state, transactionId).capture?.inquiry === undefined
  const settled = isDecided(payment) ? payment : (await awaitSettled(parts, key, isDecided)).state
  const { capture: result } = attemptOf(settled, transactionId)
  if (result?.capturedAt !== undefined) return undefined
  if (result) return resultUnknown()
  return refusedByGateway(naruFailure('NARU_NOT_CAPTURED'))
}
