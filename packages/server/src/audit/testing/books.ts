import { randomBytes } from 'node:crypto'
import type { InstantPaymentInput } from '@naru/contract'
import { pino } from 'pino'
import { createTestDatabase } from '../../../test/support/database.ts'
import { sandboxControl } from '../../gateways/sandbox/control.ts'
import { sandboxGateway } from '../../gateways/sandbox/gateway.ts'
import { noticeDoor } from '../../gateways/sandbox/notice.ts'
import type { Instant } from '../../kernel/clock.ts'
import { KeyedQueue } from '../../kernel/keyed-queue.ts'
import { Refusal } from '../../kernel/refusal.ts'
import { sandboxChannel, sandboxStore } from '../../merchants/testing/store.ts'
import { type CancelInput, cancel } from '../../payments/cancel.ts'
import { closeVirtualAccount } from '../../payments/close-virtual-account.ts'
import { paymentNotified } from '../../payments/due.ts'
import { paymentParts } from '../../payments/parts.ts'
import { pay } from '../../payments/pay.ts'
import { instantPayment } from '../../payments/requests/instant.ts'
import { preRegister } from '../../payments/rules/checkout.ts'
import { promotionParts } from '../../promotions/parts.ts'

/** 2026-03-02T00:00:00Z: where the store's clock stands. */
const now: Instant = 1_772_409_600_000

const channel = sandboxChannel('channel-1')
const store = sandboxStore({ channels: [channel] })

export type Books = Awaited<ReturnType<typeof openBooks>>

/** A store that takes payments through the sandbox PG, on a database of its own. Nothing runs by itself. */
export const openBooks = async () => {
  const database = await createTestDatabase()
  const { sql } = database
  await sql`insert into merchants (merchant_id, name, created_at) values ('merchant-1', 'Merchant', ${now})`
  await sql`
    insert into stores (store_id, merchant_id, name, mode, clock_stopped_at, created_at)
    values ('store-1', 'merchant-1', 'Store', 'SANDBOX', ${now}, ${now})`
  await sql`
    insert into channels (store_id, channel_id, channel_key, name, type, adapter, pg_provider, pg_merchant_id, created_at)
    values ('store-1', ${channel.id}, ${channel.key}, 'Sandbox', 'TEST', 'sandbox', 'TOSSPAYMENTS', 'sandbox', ${now})`

  const log = pino({ level: 'silent' })
  const notificationKey = randomBytes(32)
  const sandbox = {
    sql,
    logger: log,
    notificationKey,
    waitUntil: async () => {},
    notify: noticeDoor(notificationKey, log, (storeId, transactionId) =>
      paymentNotified(payments, async () => store, storeId, transactionId),
    ),
  }
  const gateway = sandboxGateway(sandbox)
  const control = sandboxControl(sandbox)
  const payments = paymentParts({
    sql,
    log,
    gatewayOf: () => gateway,
    queue: new KeyedQueue(),
    promotions: promotionParts({ sql, queue: new KeyedQueue(), wake: () => {} }),
    wake: () => {},
  })
  const keyOf = (paymentId: string) => ({ store, id: paymentId })
  const latest = async (paymentId: string): Promise<string> =>
    (await payments.process.load(keyOf(paymentId))).state.attempts.at(-1)?.transactionId ?? ''

  const payWith = async (paymentId: string, method: InstantPaymentInput['method'], testCode?: string) => {
    const input: InstantPaymentInput = {
      channelKey: channel.key,
      method,
      orderName: '티셔츠',
      amount: { total: 10_000 },
      currency: 'KRW',
      noticeUrls: ['https://shop.example/webhooks'],
    }
    const origin = { platformType: 'API', ipAddress: '203.0.113.7' } as const
    await pay(payments, keyOf(paymentId), (at) => instantPayment(store, input, { origin, testCode, now: at }))
    return await latest(paymentId)
  }

  return {
    sql,
    /** Pays by card, whatever comes of it, and gives the transaction's id. */
    pay: (paymentId: string, testCode?: string) =>
      payWith(
        paymentId,
        { card: { credential: { number: '4242424242424242', expiryYear: '30', expiryMonth: '12' } } },
        testCode,
      ),
    openAccount: (paymentId: string, testCode?: string) =>
      payWith(
        paymentId,
        { virtualAccount: { bank: 'SHINHAN', expiry: { validHours: 24 }, option: { type: 'NORMAL' } } },
        testCode,
      ),
    deposit: (transactionId: string) => control.deposit('store-1', transactionId, {}, now),
    close: (paymentId: string) => closeVirtualAccount(payments, keyOf(paymentId), {}),
    /** Cancels, and gives the cancellation's id where it was not refused. */
    cancel: async (paymentId: string, input: Partial<CancelInput> = {}): Promise<string> => {
      const cancelled = await cancel(payments, keyOf(paymentId), { reason: '단순 변심', trigger: 'API', ...input })
      return cancelled instanceof Refusal ? '' : cancelled.id
    },
    preRegister: (paymentId: string) =>
      payments.process.change(keyOf(paymentId), (payment) => preRegister(payment, {})),
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  }
}
