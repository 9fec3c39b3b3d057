import assert from 'node:assert/strict'
import type { TestStore } from './naru.ts'

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
