import assert from 'node:assert/strict'
import type { Body } from '@naru/contract'
import type { SettingContent } from '../../src/platform/settings/content.ts'
import type { Answer } from './api.ts'
import type { TestNaru, TestStore } from './naru.ts'
import { changeConsole, newPlatformId } from './platform.ts'
import { order } from './requests.ts'

type OrderBody = Body<'createPlatformOrderTransfer'>
type CancelBody = Body<'createPlatformOrderCancelTransfer'>

/** What the client can leave out, since it defaults. */
type Loose<Whole> = Partial<Whole>

/** An order of 10,000 won that was paid elsewhere. */
export const externalOrder = (partnerId: string, wanted: Loose<OrderBody> = {}): OrderBody => ({
  partnerId,
  paymentId: newPlatformId('external'),
  orderDetail: { orderAmount: 10_000 },
  discounts: [],
  additionalFees: [],
  externalPaymentDetail: { currency: 'KRW' },
  ...wanted,
})

/** The cancellation of an order that was paid elsewhere. */
export const externalCancel = (transferId: string, wanted: Loose<CancelBody> = {}): CancelBody => ({
  transferId,
  cancellationId: newPlatformId('cancellation'),
  orderDetail: { all: {} },
  discounts: [],
  externalCancellationDetail: {},
  ...wanted,
})

/** An order of a payment of this server. */
export const orderOf = (partnerId: string, paymentId: string, wanted: Loose<OrderBody> = {}): OrderBody => {
  const { externalPaymentDetail: _, ...body } = externalOrder(partnerId, { paymentId, ...wanted })
  return body
}

/** Pays by card; the id of the payment. */
export const pay = async ({ api, channelKey }: TestStore, total = 10_000, taxFree = 0): Promise<string> => {
  const paymentId = newPlatformId('payment')
  const body = { ...order(channelKey), amount: { total, taxFree } }
  await api.call('payInstantly', { path: { paymentId }, body })
  return paymentId
}

/** Cancels a part of a payment; the id of the cancellation. */
export const refund = async ({ api }: TestStore, paymentId: string, amount?: number): Promise<string> => {
  const body = { reason: 'changed my mind', ...(amount === undefined ? {} : { amount }) }
  const { cancellation } = await api.call('cancelPayment', { path: { paymentId }, body })
  return cancellation.id
}

/** Registers on the store's test platform. */
export const registerOrder = async ({ api }: Pick<TestStore, 'api'>, body: OrderBody) =>
  (await api.call('createPlatformOrderTransfer', { query: { test: true }, body })).transfer

export const registerCancel = async ({ api }: Pick<TestStore, 'api'>, body: CancelBody) =>
  (await api.call('createPlatformOrderCancelTransfer', { query: { test: true }, body })).transfer

/** What is defined in PortOne's console, on the test platform of the store's merchant. */
export const configure = (naru: TestNaru, store: TestStore, changes: Partial<SettingContent>): Promise<void> =>
  changeConsole(naru, store, (content) => ({ ...content, ...changes }))

/** The body of a refusal, which must be of the type. */
export const refusalOf = ({ text }: Answer, type: string) => {
  const body = JSON.parse(text)
  assert.equal(body.type, type, text)
  const { message, ...rest } = body
  assert.ok(message.length > 0)
  return rest
}
