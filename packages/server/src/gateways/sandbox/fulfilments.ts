import type { PgCardPromotion, SandboxGatewayOperation } from '@naru/contract'
import { type Instant, storeTime, toIso } from '../../kernel/clock.ts'
import type { Fulfilled, FulfilmentGateway, FulfilmentStep, OrderAnswer, WantedPromotions } from '../port/fulfilment.ts'
import type { EffectContext, GatewayContext, GatewayTarget, Outcome } from '../port/terms.ts'
import { bookStep } from './books/escrow.ts'
import { find, findByPgTransactionId } from './books/ledger.ts'
import type { Transaction } from './books/transaction.ts'
import { answerLost } from './execute.ts'
import type { SandboxParts } from './parts.ts'
import { callEffect } from './refunds.ts'
import { doneAtOnce, type Effect } from './scenarios/behaviour.ts'
import { rememberedBehaviour } from './scenarios/codes.ts'
import { type PgCode, refusedWith } from './scenarios/failures.ts'
import { underScript } from './scenarios/script-steps.ts'
import { namedCode } from './scenarios/triggers.ts'

/** What the sandbox PG is told and asked about a payment after it was paid. */
export const sandboxFulfilment = (parts: SandboxParts): FulfilmentGateway => ({
  fulfil: (context, target, step) =>
    underScript(parts, operationOf[step.kind], context, (own) => fulfil(parts, own, target, step)),
  lookUpOrder: (context, pgTransactionId) =>
    underScript(parts, 'LOOK_UP_ORDER', context, (own) => lookUpOrder(parts, own, pgTransactionId)),
  cardPromotions: (context, wanted) =>
    underScript(parts, 'LIST_CARD_PROMOTIONS', context, (own) => cardPromotions(parts, own, wanted)),
})

const operationOf = {
  REGISTER_SHIPMENT: 'REGISTER_SHIPMENT',
  MODIFY_SHIPMENT: 'MODIFY_SHIPMENT',
  CONFIRM_ESCROW: 'CONFIRM_ESCROW',
  STORE_RECEIPT: 'REGISTER_STORE_RECEIPT',
  DELIVERY: 'CONFIRM_DELIVERY',
} as const satisfies Record<FulfilmentStep['kind'], SandboxGatewayOperation>

/** Books a step once per reference; sent again it is answered as the first time. */
const fulfil = async (
  parts: SandboxParts,
  context: EffectContext,
  target: GatewayTarget,
  step: FulfilmentStep,
): Promise<Outcome<Fulfilled>> => {
  const { sql } = parts
  const payment = await find(sql, context.storeId, target.reference)
  if (payment === undefined) return refusedWith('SBX_NOT_FOUND')
  const effect = effectOn(context, payment, step)
  if (effect.books === 'REFUSED') return refusedWith(refusalOf(effect, step))
  if (effect.books === 'NOTHING') return { kind: 'unknown', reason: 'disconnect' }
  const booked = await bookStep(sql, context, target, step.kind)
  if (booked === undefined) return refusedWith('SBX_ESCROW_NOT_ALLOWED')
  const { at, isNew } = booked
  // Only the first answer gets lost, so that repeating the step ends the doubt.
  const lost = isNew ? await answerLost(parts, context.storeId, effect, storeTime(context.clock)) : undefined
  if (lost !== undefined) return lost
  const receiptUrl = `https://receipt.sandbox.invalid/${payment.pgTransactionId}`
  return { kind: 'succeeded', value: step.kind === 'STORE_RECEIPT' ? { at, receiptUrl } : { at } }
}

const effectOn = (context: GatewayContext, payment: Transaction, step: FulfilmentStep): Effect => {
  const named = namedCode(context.testCode)
  const { escrow, receipt, call } = rememberedBehaviour(named ?? payment.code)
  const own = step.kind === 'STORE_RECEIPT' ? receipt : escrow
  return own ?? (named === undefined ? doneAtOnce : (call ?? doneAtOnce))
}

/** `receipt-fail` is about receipts of either kind, and the PG says which. */
const refusalOf = ({ pgCode = 'SBX_ESCROW_REFUSED' }: Effect, { kind }: FulfilmentStep): PgCode =>
  kind === 'STORE_RECEIPT' && pgCode === 'SBX_RECEIPT_REFUSED' ? 'SBX_STORE_RECEIPT_REFUSED' : pgCode

/** What keeps a question from being answered: the PG is ill, or too slow. */
const readingFails = async (parts: SandboxParts, context: GatewayContext) => {
  const effect = callEffect(context)
  if (effect.books === 'REFUSED') return refusedWith(effect.pgCode ?? 'SBX_MAINTENANCE')
  return await answerLost(parts, context.storeId, effect, storeTime(context.clock))
}

/** Answers as KakaoPay would, errors included: they are an answer too. */
const lookUpOrder = async (
  parts: SandboxParts,
  context: GatewayContext,
  pgTransactionId: string,
): Promise<Outcome<OrderAnswer>> => {
  const unanswered = await readingFails(parts, context)
  if (unanswered !== undefined) return unanswered
  const { storeId, channel } = context
  const payment = await findByPgTransactionId(parts.sql, storeId, pgTransactionId)
  return {
    kind: 'succeeded',
    value: payment
      ? { statusCode: 200, body: JSON.stringify(orderOf(payment, channel.pgMerchantId)) }
      : { statusCode: 400, body: JSON.stringify({ error_code: -721, error_message: 'invalid tid' }) },
  }
}

const orderOf = (payment: Transaction, cid: string) => {
  const { reference, pgTransactionId, amount, cancelledAmount, reservedAmount, createdAt, settledAt } = payment
  return {
    tid: pgTransactionId,
    cid,
    status: orderStatus(payment),
    partner_order_id: reference,
    payment_method_type: payment.kind === 'CARD' ? 'CARD' : 'MONEY',
    item_name: payment.orderName,
    quantity: 1,
    amount: { total: payment.askedAmount, tax_free: 0, point: 0, discount: 0, green_deposit: 0 },
    canceled_amount: { total: cancelledAmount, tax_free: 0, point: 0, discount: 0, green_deposit: 0 },
    cancel_available_amount: { total: amount - cancelledAmount - reservedAmount, tax_free: 0, point: 0, discount: 0 },
    created_at: localTime(createdAt),
    ...(settledAt === null ? {} : { approved_at: localTime(settledAt) }),
  }
}

const orderStatus = ({ state, amount, cancelledAmount }: Transaction): string => {
  if (state === 'FAILED' || state === 'CLOSED') return 'FAIL_PAYMENT'
  if (state !== 'APPROVED' && state !== 'DEPOSITED') return 'READY'
  if (cancelledAmount === 0) return 'SUCCESS_PAYMENT'
  return cancelledAmount === amount ? 'CANCEL_PAYMENT' : 'PART_CANCEL_PAYMENT'
}

/** KakaoPay writes Korean time without a zone. */
const localTime = (instant: Instant): string => toIso(instant + 9 * 3_600_000).slice(0, 19)

/** The same promotions for everybody, always. */
const promotions: readonly PgCardPromotion[] = [
  { promotionId: 'sbx_promotion_1', cardCompany: 'SHINHAN_CARD', discountAmount: 1_000, minimumPaymentAmount: 10_000 },
  { promotionId: 'sbx_promotion_2', cardCompany: 'SHINHAN_CARD', discountAmount: 5_000, minimumPaymentAmount: 50_000 },
  { promotionId: 'sbx_promotion_3', cardCompany: 'HYUNDAI_CARD', discountAmount: 3_000, minimumPaymentAmount: 30_000 },
]

const cardPromotions = async (
  parts: SandboxParts,
  context: GatewayContext,
  { amount, cardCompany }: WantedPromotions,
): Promise<Outcome<readonly PgCardPromotion[]>> => {
  const unanswered = await readingFails(parts, context)
  if (unanswered !== undefined) return unanswered
  const applies = (promotion: PgCardPromotion) =>
    promotion.minimumPaymentAmount <= amount && (cardCompany === undefined || promotion.cardCompany === cardCompany)
  return { kind: 'succeeded', value: promotions.filter(applies) }
}
