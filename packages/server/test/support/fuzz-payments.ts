import { type Books, type Fragment, times } from './fuzz-books.ts'
import type { TestStore } from './naru.ts'
import { newPaymentId, type Order, order, virtualAccount } from './requests.ts'

const pay = async ({ api, channelKey }: TestStore, wanted: Order = {}, key = channelKey): Promise<string> => {
  const paymentId = newPaymentId('fuzzed')
  await api.call('payInstantly', { path: { paymentId }, body: order(key, wanted) })
  return paymentId
}

/** Orders that nobody paid yet: ids alone, or with what is asked for. */
const newOrders = (count: number, body?: object): readonly Fragment[] =>
  Array.from({ length: count }, () => ({ path: { paymentId: newPaymentId('fuzzed') }, ...(body && { body }) }))

const of = (paymentIds: readonly string[]): readonly Fragment[] =>
  paymentIds.map((paymentId) => ({ path: { paymentId } }))

const notificationsOf = async ({ api }: TestStore, paymentId: string): Promise<readonly Fragment[]> => {
  const { items } = await api.call('getSandboxLedger', { query: { paymentId } })
  return items.flatMap(({ notifications }) => notifications.map(({ id }) => ({ path: { notificationId: id } })))
}

export const paymentsOf = async (store: TestStore): Promise<Books> => {
  const { api, channelKey, manualChannelKey } = store
  const paid = await times(9, () => pay(store))
  const waiting = await times(9, () => pay(store, { method: virtualAccount() }))
  const shipped = await times(6, () => pay(store, { isEscrow: true }))
  const undecided = await times(4, () => pay(store, { customer: { id: 'sbx-pending-paid-86400' } }))
  const tokens = await times(6, async () => {
    const path = { paymentId: newPaymentId('fuzzed') }
    const { paymentToken } = await api.call('authenticateSandboxPayment', { path, body: order(channelKey) })
    return { path, body: { paymentToken } }
  })
  const logistics = { company: 'CJ', invoiceNumber: '1', sentAt: '2026-01-02T03:04:05Z' } as const
  for (const paymentId of shipped.slice(3))
    await api.call('applyEscrowLogistics', { path: { paymentId }, body: { logistics } })
  const announced = undecided.map((paymentId) => notificationsOf(store, paymentId))
  const { items } = await api.call('getAllPaymentsByCursor')
  return {
    known: {
      paymentId: [...paid, ...waiting, ...shipped, ...undecided],
      cursor: items.map(({ cursor }) => cursor),
      logistics: [logistics],
    },
    together: {
      preRegisterPayment: newOrders(3),
      payInstantly: [...newOrders(6, order(channelKey)), ...newOrders(2)],
      authenticateSandboxPayment: [...newOrders(4, order(channelKey)), ...newOrders(2)],
      confirmPayment: tokens,
      capturePayment: of(await times(3, () => pay(store, {}, manualChannelKey))),
      cancelPayment: [...of(paid.slice(0, 3)), ...paid.slice(3, 6).map(whole)],
      stopPaymentCancellation: await cancellationsOf(store),
      closeVirtualAccount: of(waiting.slice(0, 3)),
      depositSandboxPayment: of(waiting.slice(3, 6)),
      expireSandboxPayment: of(waiting.slice(6)),
      resolveSandboxPayment: of(undecided.slice(0, 2)),
      approveSandboxPayment: of(undecided.slice(2)),
      deliverSandboxNotification: (await Promise.all(announced)).flat(),
      reverseSandboxPayment: of(waiting.slice(3, 6)),
      disputeSandboxPayment: of(paid.slice(6)),
      applyEscrowLogistics: of(shipped.slice(0, 3)),
      modifyEscrowLogistics: of(shipped.slice(3)),
      confirmEscrow: of(shipped.slice(3)),
      progressSandboxEscrow: of(shipped.slice(4)),
    },
  }
}

const whole = (paymentId: string): Fragment => ({ path: { paymentId }, body: { amount: undefined } })

/** Cancellations that the PG has not decided. */
const cancellationsOf = (store: TestStore) =>
  times(4, async () => {
    const paymentId = await pay(store, { customer: { id: 'sbx-cancel-pending-86400' } })
    const body = { reason: 'too late' }
    const { cancellation } = await store.api.call('cancelPayment', { path: { paymentId }, body })
    return { path: { paymentId, cancellationId: cancellation.id }, body: {} }
  })

type Companies = Readonly<Record<'inicis' | 'kakao' | 'kcp' | 'paymentwall', string>>

/** What only the channels of some companies do. */
export const companiesOf = async (store: TestStore, { inicis, kakao, kcp, paymentwall }: Companies): Promise<Books> => {
  const { api } = store
  const registered = await times(3, () => pay(store, {}, inicis))
  const item = {
    storeBusinessRegistrationNumber: '1234567890',
    storeName: 'A shop',
    currency: 'KRW',
    totalAmount: 10_000,
    taxFreeAmount: 0,
    vatAmount: 909,
    supplyAmount: 9_091,
  }
  const delivered = await times(3, async () => {
    const payment = await api.call('getPayment', { path: { paymentId: await pay(store, {}, paymentwall) } })
    return 'transactionId' in payment ? payment.transactionId : ''
  })
  const delivery = {
    deliveryType: 'DIGITAL',
    deliveryStatus: 'DELIVERED',
    estimatedDeliveryDatetime: '2026-01-02T03:04:05Z',
    estimatedUpdateDatetime: '2026-01-02T03:04:05Z',
    refundable: false,
    details: 'a licence key',
    shippingAddressEmail: 'buyer@example.com',
  }
  const { items } = await api.call('getAllPaymentsByCursor', { body: { size: 100 } })
  const transactionIds = items.flatMap(({ payment }) => ('transactionId' in payment ? [payment.transactionId] : []))
  const atKakao = await api.call('getPayment', { path: { paymentId: await pay(store, {}, kakao) } })
  const pgTxId = 'pgTxId' in atKakao ? atKakao.pgTxId : undefined
  return {
    known: { transactionId: transactionIds, txId: transactionIds },
    together: {
      registerStoreReceipt: registered.map((paymentId) => ({ path: { paymentId }, body: { items: [item] } })),
      getKakaopayPaymentOrder: [{ query: { pgTxId, channelKey: kakao } }],
      getPgCardPromotions: [{ query: { channelKey: kcp, amount: 60_000 } }],
      confirmPaymentwallDelivery: delivered.map((transactionId) => ({ body: { ...delivery, transactionId } })),
    },
  }
}
