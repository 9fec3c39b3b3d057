import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { AuthenticateSandboxPaymentBody } from '@naru/contract'
import { toJson } from '../src/aggregates/kind.ts'
import { audit } from '../src/audit/audit.ts'
import type { CashReceiptEvent, CashReceipts } from '../src/cash-receipts/cash-receipt.ts'
import { evolve, noReceipts } from '../src/cash-receipts/evolve.ts'
import { cashReceiptAggregate } from '../src/cash-receipts/store.ts'
import { refuses, typeOf } from './support/api.ts'
import { startNaru, type TestStore } from './support/naru.ts'
import { card, newPaymentId, order, refundAccount, virtualAccount } from './support/requests.ts'

const identityNumber = '010-1234-5678'
const cashReceipt = { type: 'PERSONAL' as const, customerIdentityNumber: identityNumber }
const reason = 'changed my mind'

type Method = AuthenticateSandboxPaymentBody['method']

const transfer = (wanted: Partial<Method['transfer']> = {}): Method => ({
  transfer: { bank: 'KOOKMIN', accountNumber: '123456-78-901234', ...wanted },
})

describe('payments by bank transfer', async () => {
  const naru = await startNaru()
  const { sql } = naru.database

  /** Goes through the window; the token that confirms it. */
  const authenticate = async (
    { api, channelKey }: TestStore,
    paymentId: string,
    method: Method,
    { customer, testCode }: { customer?: { id: string }; testCode?: string } = {},
  ) => {
    const body = { ...order(channelKey), method, ...(customer ? { customer } : {}) }
    const options = testCode === undefined ? {} : { testCode }
    return (await api.call('authenticateSandboxPayment', { path: { paymentId }, body, ...options })).paymentToken
  }

  const pay = async (store: TestStore, method: Method, wanted: Parameters<typeof authenticate>[3] = {}) => {
    const paymentId = newPaymentId()
    const paymentToken = await authenticate(store, paymentId, method, wanted)
    await store.portone.payment.confirmPayment({ paymentId, paymentToken })
    return paymentId
  }

  const read = async ({ api }: TestStore, paymentId: string) => {
    const payment = await api.call('getPayment', { path: { paymentId } })
    assert(payment.status === 'PAID' || payment.status === 'PARTIAL_CANCELLED' || payment.status === 'CANCELLED')
    return payment
  }

  const receiptsAtGateway = ({ storeId }: TestStore) =>
    sql<{ state: string; amount: number }[]>`
      select state, amount from sandbox_cash_receipts where store_id = ${storeId} order by created_at, reference`

  const identities = ({ storeId }: TestStore) =>
    sql`select receipt_id from cash_receipt_identities where store_id = ${storeId}`

  test('show the bank and the end of the account, and are found by method and bank', async () => {
    const store = await naru.newStore()
    const paymentId = await pay(store, transfer())
    const method = { type: 'PaymentMethodTransfer', bank: 'KOOKMIN', accountNumber: '**********1234' }
    const payment = await read(store, paymentId)
    assert.deepEqual(payment.method, method)
    assert.equal(payment.cashReceipt, undefined)
    assert.equal(payment.cashReceiptIssuanceStatus, 'NOT_ISSUED')
    const bank = { field: 'TRANS_BANK' as const, value: 'KOOKMIN' }
    const { items } = await store.api.call('getPayments', {
      body: { filter: { methods: ['TRANSFER'], textSearch: [bank] } },
    })
    assert.deepEqual(
      items.map(({ id }) => id),
      [paymentId],
    )
    const [found] = await sql<[{ count: number }]>`
      select (select count(*) from journal where data::text like '%901234%')
           + (select count(*) from sandbox_authentications where data::text like '%901234%') as count`
    assert.equal(found.count, 0)
  })

  test('are issued the receipt that the buyer asked for in the window, with the approval', async () => {
    const store = await naru.newStore()
    const paymentId = newPaymentId()
    const paymentToken = await authenticate(store, paymentId, transfer({ cashReceipt }))
    assert.equal((await identities(store)).length, 1)
    const { cashReceipt: receipts } = store.portone.payment
    await refuses(receipts.getCashReceiptByPaymentId({ paymentId }), 'CASH_RECEIPT_NOT_FOUND')
    await store.portone.payment.confirmPayment({ paymentId, paymentToken })
    const paid = await read(store, paymentId)
    assert.equal(paid.cashReceiptIssuanceStatus, 'ISSUED')
    assert(paid.cashReceipt?.status === 'ISSUED')
    assert.deepEqual([paid.cashReceipt.type, paid.cashReceipt.totalAmount], ['PERSONAL', 10_000])
    const issued = await receipts.getCashReceiptByPaymentId({ paymentId })
    assert(issued.status === 'ISSUED')
    assert.equal(issued.isManual, false)
    assert.equal((await identities(store)).length, 0)

    await store.portone.payment.cancelPayment({ paymentId, reason, amount: 4_000 })
    await store.advance({ minutes: 2 })
    assert.equal((await read(store, paymentId)).cashReceipt?.status, 'ISSUED')
    await store.portone.payment.cancelPayment({ paymentId, reason })
    await store.advance({ seconds: 1 })
    assert.equal((await read(store, paymentId)).cashReceipt?.status, 'CANCELLED')
    assert.deepEqual([...(await receiptsAtGateway(store))], [{ state: 'CANCELLED', amount: 10_000 }])
  })

  test('are issued their receipt when a lost or late answer turns out to be a payment', async () => {
    const store = await naru.newStore()
    for (const testCode of ['doubt-approved', 'pending-paid-10', 'late-success']) {
      const paymentId = newPaymentId()
      const paymentToken = await authenticate(store, paymentId, transfer({ cashReceipt }), { testCode })
      await store.api.send('confirmPayment', { path: { paymentId }, body: { paymentToken } })
      await store.advance({ hours: 3 })
      const { status, cashReceiptIssuanceStatus } = await read(store, paymentId)
      assert.deepEqual([status, cashReceiptIssuanceStatus], ['PAID', 'ISSUED'], testCode)
    }
    assert.equal((await receiptsAtGateway(store)).length, 3)
    assert.equal((await identities(store)).length, 0)
  })

  test('that fail or are never confirmed leave no receipt, and whom it was for is forgotten', async () => {
    const store = await naru.newStore()
    const paymentId = newPaymentId()
    await authenticate(store, paymentId, transfer({ cashReceipt }))
    const declined = { customer: { id: 'sbx-decline' } }
    await refuses(pay(store, transfer({ cashReceipt }), declined), 'PG_PROVIDER', 'SBX_DECLINED')
    assert.equal((await identities(store)).length, 2)
    await store.advance({ days: 2 })
    assert.equal((await identities(store)).length, 0)
    assert.equal((await receiptsAtGateway(store)).length, 0)
  })

  test('the second of two windows brings its own receipt', async () => {
    const store = await naru.newStore()
    const paymentId = newPaymentId()
    await authenticate(store, paymentId, transfer({ cashReceipt }))
    const corporate = { type: 'CORPORATE' as const, customerIdentityNumber: '123-45-67890' }
    const paymentToken = await authenticate(store, paymentId, transfer({ cashReceipt: corporate }))
    await store.portone.payment.confirmPayment({ paymentId, paymentToken })
    assert.equal((await read(store, paymentId)).cashReceipt?.type, 'CORPORATE')
    await store.advance({ hours: 3 })
    assert.equal((await receiptsAtGateway(store)).length, 1)
    assert.equal((await identities(store)).length, 0)
  })

  test('a receipt that the gateway refuses does not touch the payment', async () => {
    const store = await naru.newStore()
    const refused = await pay(store, transfer({ cashReceipt }), { customer: { id: 'sbx-receipt-fail' } })
    assert.equal((await read(store, refused)).cashReceiptIssuanceStatus, 'NOT_ISSUED')
    const failed = await store.portone.payment.cashReceipt.getCashReceiptByPaymentId({ paymentId: refused })
    assert.equal(failed.status, 'ISSUE_FAILED')
  })

  test('a virtual account that is issued in the window brings its receipt with the deposit', async () => {
    const store = await naru.newStore()
    const { virtualAccount: account } = virtualAccount()
    const paymentId = await pay(store, { virtualAccount: { ...account, cashReceipt } })
    await store.api.call('depositSandboxPayment', { path: { paymentId }, body: {} })
    await store.advance({ seconds: 1 })
    assert.equal((await read(store, paymentId)).cashReceipt?.status, 'ISSUED')
    await store.portone.payment.cancelPayment({ paymentId, reason, refundAccount })
    await store.advance({ seconds: 1 })
    assert.equal((await read(store, paymentId)).cashReceipt?.status, 'CANCELLED')
  })

  /**
   * As if the server had died: takes the receipt back to what it was after an event, with the identity number that was
   * kept until then.
   */
  const rewind = async ({ storeId }: TestStore, paymentId: string, after: CashReceiptEvent['type'], sealed: Sealed) => {
    const events = await sql<{ data: CashReceiptEvent; at: number; version: number }[]>`
      select data, (extract(epoch from at) * 1000)::bigint as at, version from journal
      where store_id = ${storeId} and stream = 'cash-receipt' and stream_id = ${paymentId} order by version`
    const count = 1 + events.findIndex(({ data }) => data.type === after)
    assert(count > 0 && count < events.length)
    const { merchantId } = (await cashReceiptsOf(storeId, paymentId)).state
    const state = events
      .slice(0, count)
      .reduce((current, { data, at }) => evolve(current, data, at), noReceipts(merchantId, storeId, paymentId))
    const row = { ...cashReceiptAggregate.columns(state), version: count, state: sql.json(toJson(state)) }
    await sql`update cash_receipts set ${sql(row)} where store_id = ${storeId} and payment_id = ${paymentId}`
    await sql`
      delete from journal
      where store_id = ${storeId} and stream = 'cash-receipt' and stream_id = ${paymentId} and version > ${count}`
    await sql`insert into cash_receipt_identities ${sql([...sealed])}`
  }
  type Sealed = readonly { store_id: string; receipt_id: string; identity_number: Uint8Array }[]

  const cashReceiptsOf = async (storeId: string, paymentId: string) => {
    const [row] = await sql<[{ state: CashReceipts }]>`
      select state from cash_receipts where store_id = ${storeId} and payment_id = ${paymentId}`
    return row
  }

  for (const [name, after, isKnownToGateway] of [
    ['right after the approval', 'DepositAwaited', false],
    ['before the gateway was asked for the receipt', 'AwaitedIssueRequested', false],
    ['before the gateway answered about the receipt', 'AwaitedIssueRequested', true],
  ] as const)
    test(`a server that dies ${name} leaves one receipt all the same`, async () => {
      const store = await naru.newStore()
      const paymentId = newPaymentId()
      const paymentToken = await authenticate(store, paymentId, transfer({ cashReceipt }))
      const sealed = await sql<[...Sealed]>`
        select store_id, receipt_id, identity_number from cash_receipt_identities where store_id = ${store.storeId}`
      await store.portone.payment.confirmPayment({ paymentId, paymentToken })
      await store.api.call('stopSandboxClock')
      await rewind(store, paymentId, after, sealed)
      if (!isKnownToGateway) await sql`delete from sandbox_cash_receipts where store_id = ${store.storeId}`
      assert.equal((await read(store, paymentId)).cashReceipt, undefined)
      await store.advance({ hours: 2 })
      assert.equal((await read(store, paymentId)).cashReceipt?.status, 'ISSUED')
      assert.equal((await receiptsAtGateway(store)).length, 1)
      assert.equal((await identities(store)).length, 0)
    })

  test('what cannot be is refused, and says what', async () => {
    const store = await naru.newStore()
    const wrong: [Method, RegExp][] = [
      [{ ...transfer(), ...card() }, /exactly one of card, virtualAccount and transfer/],
      [{}, /exactly one of card, virtualAccount and transfer/],
      [transfer({ accountNumber: '12' }), /method\.transfer\.accountNumber must be 6 to 30 digits/],
      [transfer({ accountNumber: '1-----2' }), /method\.transfer\.accountNumber must be 6 to 30 digits/],
      [transfer({ accountNumber: '계좌번호' }), /method\.transfer\.accountNumber/],
      [
        transfer({ cashReceipt: { type: 'PERSONAL' } }),
        /method\.transfer\.cashReceipt\.customerIdentityNumber is required/,
      ],
      [
        transfer({ cashReceipt: { ...cashReceipt, customerIdentityNumber: '1' } }),
        /method\.transfer\.cashReceipt\.cust/,
      ],
    ]
    for (const [method, problem] of wrong) {
      const path = { paymentId: newPaymentId() }
      const answer = await store.api.send('authenticateSandboxPayment', {
        path,
        body: { ...order(store.channelKey), method },
      })
      assert.equal(typeOf(answer), 'INVALID_REQUEST', answer.text)
      assert.match(answer.text, problem)
    }
    const instant = { ...order(store.channelKey), method: transfer() }
    const refused = await store.api.send('payInstantly', { path: { paymentId: newPaymentId() }, body: instant })
    assert.equal(typeOf(refused), 'INVALID_REQUEST')
    const paymentId = await pay(store, transfer({ cashReceipt: { type: 'NO_RECEIPT' } }))
    const dispute = await store.api.send('disputeSandboxPayment', { path: { paymentId }, body: { as: 'OPEN' } })
    assert.match(dispute.text, /SBX_NOT_DISPUTABLE/)
    assert.equal((await identities(store)).length, 0)
  })

  test('the books agree with the gateway afterwards', async () => {
    const { findings } = await audit(sql)
    assert.deepEqual(findings, [])
  })
})
