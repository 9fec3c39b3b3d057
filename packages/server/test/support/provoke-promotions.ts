import type { PortOneClient } from '@portone/server-sdk'
import type { TestNaru } from './naru.ts'
import { paid } from './paid.ts'
import { impossible, type Provoke, reason } from './provoke.ts'
import { card, newPaymentId, type Order, order } from './requests.ts'

const interventions = [
  'editSandboxPromotion',
  'pauseSandboxPromotion',
  'resumeSandboxPromotion',
  'terminateSandboxPromotion',
] as const

export const provokePromotions = async (naru: TestNaru, { throws, answers }: Provoke): Promise<void> => {
  const store = await naru.newStore()
  const { api, portone } = store
  const { payment } = portone
  const tenPercent = { amountFrom: 10_000, scheme: { type: 'PERCENT' as const, percent: 10 } }
  const wanted = {
    name: 'Spring',
    discountPolicy: { partitions: [tenPercent] },
    totalBudget: 100_000,
    endAt: '2099-01-01T00:00:00Z',
    cardCompany: 'SHINHAN_CARD' as const,
  }
  const { id: promotionId } = await api.call('createSandboxPromotion', { body: wanted })
  const stranger = naru.clientsOf('no-such-secret')
  for (const [clients, storeId, type] of [
    [stranger.api, store.storeId, 'UNAUTHORIZED'],
    [api, naru.storeId, 'FORBIDDEN'],
    [api, impossible, 'INVALID_REQUEST'],
  ] as const) {
    const create = clients.send('createSandboxPromotion', { body: { ...wanted, storeId } })
    await answers('createSandboxPromotion', type, create)
    await answers('listSandboxPromotions', type, clients.send('listSandboxPromotions', { query: { storeId } }))
    for (const id of interventions)
      await answers(id, type, clients.send(id, { path: { promotionId }, body: { storeId } }))
  }
  const unknown = { promotionId: 'no-such-promotion' }
  for (const id of interventions) await answers(id, 'PROMOTION_NOT_FOUND', api.send(id, { path: unknown, body: {} }))
  const read = (client: PortOneClient, id: string) => client.payment.promotion.getPromotion({ promotionId: id })
  await throws('getPromotion', 'UNAUTHORIZED', read(stranger.portone, promotionId))
  await throws('getPromotion', 'INVALID_REQUEST', read(portone, impossible))
  await throws('getPromotion', 'PROMOTION_NOT_FOUND', read(portone, unknown.promotionId))

  const instant = (body: Order) => payment.payInstantly({ paymentId: newPaymentId(), ...order(store.channelKey, body) })
  const master = instant({ promotionId, method: card('5555555555554444') })
  await throws('payInstantly', 'PROMOTION_PAY_METHOD_DOES_NOT_MATCH', master)
  const all = { amountFrom: 0, scheme: { type: 'AMOUNT' as const, amount: 10_000 } }
  const generous = await api.call('createSandboxPromotion', {
    body: { ...wanted, discountPolicy: { partitions: [all] } },
  })
  await throws('payInstantly', 'DISCOUNT_AMOUNT_EXCEEDS_TOTAL_AMOUNT', instant({ promotionId: generous.id }))
  const paymentId = await paid(store, { promotionId })
  const cancel = (body: object) => payment.cancelPayment({ paymentId, reason, amount: 500, ...body })
  await throws('cancelPayment', 'NEGATIVE_PROMOTION_ADJUSTED_CANCEL_AMOUNT', cancel({}))
  await cancel({ promotionDiscountRetainOption: 'RETAIN' })
  await throws('cancelPayment', 'PROMOTION_DISCOUNT_RETAIN_OPTION_SHOULD_NOT_BE_CHANGED', cancel({}))
}
