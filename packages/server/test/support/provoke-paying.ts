import { maximumCancellations } from '../../src/payments/rules/cancellation.ts'
import { maximumAttempts } from '../../src/payments/rules/limits.ts'
import { thrownBy } from './api.ts'
import type { TestNaru } from './naru.ts'
import { paid } from './paid.ts'
import { type Provoke, reason } from './provoke.ts'
import { card, newPaymentId, type Order, order } from './requests.ts'

export const provokePaying = async (naru: TestNaru, { throws, answers }: Provoke): Promise<void> => {
  const store = await naru.newStore()
  const { payment } = store.portone
  const paymentId = newPaymentId()
  const instant = (wanted: Order = {}, channelKey = store.channelKey) =>
    payment.payInstantly({ paymentId, ...order(channelKey, wanted) })
  await throws('payInstantly', 'CHANNEL_NOT_FOUND', instant({}, 'no-such-channel'))
  await throws('payInstantly', 'SUM_OF_PARTS_EXCEEDS_TOTAL_AMOUNT', instant({ amount: { total: 10, taxFree: 11 } }))
  await throws('payInstantly', 'INVALID_REQUEST', instant({ total: 0 }))
  await throws('payInstantly', 'PG_PROVIDER', instant({ method: card('4000000000000002') }))
  await instant()
  await throws('payInstantly', 'ALREADY_PAID', instant())
  await throws('preRegisterPayment', 'ALREADY_PAID', payment.preRegisterPayment({ paymentId, totalAmount: 1 }))
  const often = newPaymentId()
  const declined = order(store.channelKey, { method: card('4000000000000002') })
  for (let attempt = 0; attempt < maximumAttempts; attempt++)
    await thrownBy(payment.payInstantly({ paymentId: often, ...declined }))
  await throws('payInstantly', 'MAX_TRANSACTION_COUNT_REACHED', payment.payInstantly({ paymentId: often, ...declined }))
  await answers(
    'authenticateSandboxPayment',
    'MAX_TRANSACTION_COUNT_REACHED',
    store.api.send('authenticateSandboxPayment', { path: { paymentId: often }, body: order(store.channelKey) }),
  )
}

export const provokeConfirming = async (naru: TestNaru, { throws }: Provoke): Promise<void> => {
  const store = await naru.newStore()
  const { payment } = store.portone
  const open = async (wanted: Order = {}) => {
    const paymentId = newPaymentId()
    const body = order(store.channelKey, wanted)
    const { paymentToken } = await store.api.call('authenticateSandboxPayment', { path: { paymentId }, body })
    return { paymentId, paymentToken }
  }
  const opened = await open()
  const { paymentId } = opened
  await throws('cancelPayment', 'PAYMENT_NOT_PAID', payment.cancelPayment({ paymentId, reason }))
  const guessed = { paymentId, paymentToken: 'guessed' }
  await throws('confirmPayment', 'INVALID_PAYMENT_TOKEN', payment.confirmPayment(guessed))
  await throws('confirmPayment', 'INFORMATION_MISMATCH', payment.confirmPayment({ ...opened, currency: 'USD' }))
  await payment.confirmPayment(opened)
  await throws('confirmPayment', 'ALREADY_PAID', payment.confirmPayment(opened))
  const declined = await open({ method: card('4000000000000002') })
  await throws('confirmPayment', 'PG_PROVIDER', payment.confirmPayment(declined))

  const unpaid = newPaymentId()
  const body = order(store.manualChannelKey)
  await store.api.call('authenticateSandboxPayment', { path: { paymentId: unpaid }, body })
  await throws('capturePayment', 'PAYMENT_NOT_PAID', payment.capturePayment({ paymentId: unpaid }))
  const uncapturable = newPaymentId()
  const manual = order(store.manualChannelKey, { customer: { id: 'sbx-capture-decline' } })
  await payment.payInstantly({ paymentId: uncapturable, ...manual })
  await throws('capturePayment', 'PG_PROVIDER', payment.capturePayment({ paymentId: uncapturable }))
}

export const provokeCancelling = async (naru: TestNaru, { throws, script }: Provoke): Promise<void> => {
  const store = await naru.newStore()
  const { payment } = store.portone
  const paymentId = await paid(store, { amount: { total: 10_000, taxFree: 4_000 } })
  const cancel = (body: object) => payment.cancelPayment({ paymentId, reason, ...body })
  for (const [type, body] of [
    ['CANCELLABLE_AMOUNT_CONSISTENCY_BROKEN', { currentCancellableAmount: 1 }],
    ['SUM_OF_PARTS_EXCEEDS_CANCEL_AMOUNT', { amount: 10, taxFreeAmount: 11 }],
    ['CANCEL_AMOUNT_EXCEEDS_CANCELLABLE_AMOUNT', { amount: 10_001 }],
    ['CANCEL_TAX_FREE_AMOUNT_EXCEEDS_CANCELLABLE_TAX_FREE_AMOUNT', { amount: 5_000, taxFreeAmount: 4_001 }],
    ['CANCEL_TAX_AMOUNT_EXCEEDS_CANCELLABLE_TAX_AMOUNT', { amount: 6_001 }],
    ['INVALID_REQUEST', { amount: 0 }],
  ] as const)
    await throws('cancelPayment', type, cancel(body))
  await cancel({})
  await throws('cancelPayment', 'PAYMENT_ALREADY_CANCELLED', cancel({ amount: 1 }))

  const stubborn = { paymentId: await paid(store, { total: 990_030 }), reason }
  await throws('cancelPayment', 'PG_PROVIDER', payment.cancelPayment(stubborn))
  for (let attempt = 1; attempt < maximumCancellations; attempt++) await thrownBy(payment.cancelPayment(stubborn))
  await throws('cancelPayment', 'MAX_CANCEL_COUNT_REACHED', payment.cancelPayment(stubborn))

  const stop = payment.stopPaymentCancellation
  const unknown = { paymentId, cancellationId: 'no-such-cancellation' }
  await throws('stopPaymentCancellation', 'PAYMENT_CANCELLATION_NOT_FOUND', stop(unknown))
  const pending = await paid(store, { customer: { id: 'sbx-cancel-pending-10' } })
  const { cancellation } = await payment.cancelPayment({ paymentId: pending, reason })
  const known = { paymentId: pending, cancellationId: 'id' in cancellation ? cancellation.id : '' }
  await script(store, 'STOP_CANCELLATION', 'maintenance')
  await throws('stopPaymentCancellation', 'PG_PROVIDER', stop(known))
  await store.advance({ hours: 1 })
  await throws('stopPaymentCancellation', 'PAYMENT_CANCELLATION_NOT_PENDING', stop(known))
}
