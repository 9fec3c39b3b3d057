import assert from 'node:assert/strict'
import type { CreateSandboxPromotionBody } from '@naru/contract'
import type { TestStore } from './naru.ts'
import { newPaymentId, type Order, order } from './requests.ts'

export const tenPercent = { partitions: [{ amountFrom: 10_000, scheme: { type: 'PERCENT' as const, percent: 10 } }] }

/** 10 % from ₩10,000 on with the cards that tests use, unless a test says otherwise. */
export const promotionBody = (wanted: Partial<CreateSandboxPromotionBody> = {}): CreateSandboxPromotionBody => ({
  name: 'Spring',
  discountPolicy: tenPercent,
  totalBudget: 100_000,
  endAt: '2099-01-01T00:00:00Z',
  cardCompany: 'SHINHAN_CARD',
  ...wanted,
})

export const newPromotion = async ({ api }: TestStore, wanted: Partial<CreateSandboxPromotionBody> = {}) =>
  (await api.call('createSandboxPromotion', { body: promotionBody(wanted) })).id

/** Pays a new order with a promotion, and gives the order's id. */
export const payWith = async ({ portone, channelKey }: TestStore, promotionId: string, wanted: Order = {}) => {
  const paymentId = newPaymentId()
  await portone.payment.payInstantly({ paymentId, ...order(channelKey, wanted), promotionId })
  return paymentId
}

export const statusOf = async ({ portone }: TestStore, promotionId: string) => {
  const promotion = await portone.payment.promotion.getPromotion({ promotionId })
  assert(promotion.type === 'CARD')
  return promotion.status
}

/** What is spent or held of a promotion's budget, as PortOne's SDK reads it. */
export const spentOf = async ({ portone }: TestStore, promotionId: string) => {
  const promotion = await portone.payment.promotion.getPromotion({ promotionId })
  assert(promotion.type === 'CARD')
  return promotion.spentAmount
}

/** What the gateway charged and refunded. */
export const gatewayOf = async ({ api }: TestStore, paymentId: string) =>
  (await api.call('getSandboxLedger', { query: { paymentId } })).items.map(({ amount, cancelledAmount }) => [
    amount,
    cancelledAmount,
  ])

export const amountOf = async ({ portone }: TestStore, paymentId: string) => {
  const payment = await portone.payment.getPayment({ paymentId })
  assert('amount' in payment)
  const { total, discount, paid, cancelled } = payment.amount
  return { total, discount, paid, cancelled }
}
