import assert from 'node:assert/strict'
import type { TestStore } from './naru.ts'
import { newPaymentId, type Order, order } from './requests.ts'

/** Pays a new order through PortOne's SDK, and gives its id. */
export const paid = async ({ portone, channelKey }: TestStore, wanted: Order = {}): Promise<string> => {
  const paymentId = newPaymentId()
  await portone.payment.payInstantly({ paymentId, ...order(channelKey, wanted) })
  return paymentId
}

/** The payment as PortOne's SDK reads it. */
export const read = async ({ portone }: TestStore, paymentId: string) => {
  const payment = await portone.payment.getPayment({ paymentId })
  assert('transactionId' in payment)
  return payment
}
