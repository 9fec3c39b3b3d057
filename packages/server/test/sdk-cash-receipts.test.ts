import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { CashReceiptEvent, CashReceipts } from '../src/cash-receipts/cash-receipt.ts'
import { evolve, noReceipts } from '../src/cash-receipts/evolve.ts'
import { refuses, typeOf } from './support/api.ts'
import { startNaru, type TestStore } from './support/naru.ts'
import { newPaymentId, order, receiptFor, refundAccount, virtualAccount } from './support/requests.ts'

const identityNumber = '010-1234-5678'
const reason = 'changed my mind'

/** An instant payment into a virtual account whose receipt comes with the deposit. */
const withReceipt = (total = 10_000, wanted: object = {}) => {
  const { virtualAccount: account } = virtualAccount()
  const cashReceipt = { type: 'PERSONAL' as const, customerIdentityNumber: identityNumber }
  return { total, method: { virtualAccount: { ...account, cashReceipt } }, ...wanted }
}

describe('cash receipts through the official SDK', async () => {
  const naru = await startNaru()
  const { sql } = naru.database

  const receiptsAtGateway = ({ storeId }: TestStore) =>
    sql<{ state: string; amount: number }[]>`
      select state, amount from sandbox_cash_receipts where store_id = ${storeId} order by created_at, reference`

  const read = (store: TestStore, paymentId: string) =>
    store.portone.payment.cashReceipt.getCashReceiptByPaymentId({ paymentId })

  test('issued by hand, read, refused a second time, cancelled, issued again', async () => {
    const store = await naru.newStore()
    const { cashReceipt } = store.portone.payment
    const paymentId = newPaymentId()
    const body = receiptFor(store.channelKey, paymentId)
    const { cashReceipt: summary } = await cashReceipt.issueCashReceipt(body)
    const issued = await read(store, paymentId)
    assert(issued.status === 'ISSUED')
    assert.deepEqual(
      [issued.amount, issued.taxFreeAmount, issued.vatAmount, issued.isManual, issued.type, issued.issueNumber],
      [11_000, 0, 1_000, true, 'PERSONAL', summary.issueNumber],
    )
    await refuses(cashReceipt.issueCashReceipt(body), 'CASH_RECEIPT_ALREADY_ISSUED')
    const cancelled = await cashReceipt.cancelCashReceiptByPaymentId({ paymentId })
    assert.equal(cancelled.cancelledAmount, 11_000)
    assert.equal((await read(store, paymentId)).status, 'CANCELLED')
    await refuses(cashReceipt.cancelCashReceiptByPaymentId({ paymentId }), 'CASH_RECEIPT_NOT_ISSUED')
    await cashReceipt.issueCashReceipt(body)
    assert.equal((await read(store, paymentId)).status, 'ISSUED')
    assert.deepEqual(
      (await receiptsAtGateway(store)).map(({ state }) => state),
      ['CANCELLED', 'ISSUED'],
    )
  })

  test('what is wrong is refused, and says what', async () => {
    const store = await naru.newStore()
    const { cashReceipt } = store.portone.payment
    const paymentId = newPaymentId()
    const body = receiptFor(store.channelKey, paymentId)
    const wrong = [
      { ...body, amount: { total: 0 } },
      { ...body, amount: { total: 10, taxFree: -1 } },
      { ...body, amount: { total: 10, taxFree: 11 } },
      { ...body, customer: { identityNumber: '' } },
      { ...body, customer: { identityNumber: '전화번호' } },
      { ...body, customer: { identityNumber, identityNumberType: 'BUSINESS' as const } },
      { ...body, businessRegistrationNumber: '1' },
      { ...body, orderName: ' ' },
      { ...body, paymentId: '' },
    ]
    for (const each of wrong) {
      const answer = await store.api.send('issueCashReceipt', { body: each })
      assert.equal(typeOf(answer), 'INVALID_REQUEST', answer.text)
      assert(!answer.text.includes(identityNumber))
    }
    await refuses(cashReceipt.issueCashReceipt({ ...body, channelKey: 'no-such-channel' }), 'CHANNEL_NOT_FOUND')
    await refuses(cashReceipt.cancelCashReceiptByPaymentId({ paymentId }), 'CASH_RECEIPT_NOT_FOUND')
    await refuses(cashReceipt.getCashReceiptByPaymentId({ paymentId }), 'CASH_RECEIPT_NOT_FOUND')
    await refuses(cashReceipt.issueCashReceipt({ ...body, storeId: naru.storeId }), 'FORBIDDEN')
  })

  test('a gateway that refuses leaves a failed receipt, and the next one may succeed', async () => {
    const store = await naru.newStore()
    const paymentId = newPaymentId()
    const body = receiptFor(store.channelKey, paymentId)
    const refused = await store.api.send('issueCashReceipt', { body, testCode: 'receipt-fail' })
    assert.equal(typeOf(refused), 'PG_PROVIDER')
    assert(refused.text.includes('SBX_RECEIPT_REFUSED'))
    assert.equal((await read(store, paymentId)).status, 'ISSUE_FAILED')
    const { cashReceipt } = store.portone.payment
    await refuses(cashReceipt.cancelCashReceiptByPaymentId({ paymentId }), 'CASH_RECEIPT_NOT_ISSUED')
    await refuses(
      cashReceipt.issueCashReceipt(receiptFor(store.channelKey, newPaymentId(), 990_011)),
      'PG_PROVIDER',
      'SBX_MAINTENANCE',
    )
    await cashReceipt.issueCashReceipt(body)
    const path = { paymentId }
    const stays = await store.api.send('cancelCashReceiptByPaymentId', { path, testCode: 'cancel-decline' })
    assert(stays.text.includes('SBX_CANCEL_REFUSED'))
    assert.equal((await read(store, paymentId)).status, 'ISSUED')
    await store.api.call('cancelCashReceiptByPaymentId', { path, testCode: 'cancel-doubt-done' })
    assert.equal((await read(store, paymentId)).status, 'CANCELLED')
  })

  test('twice at once, and with the answer lost, is one receipt at the gateway', async () => {
    const store = await naru.newStore()
    for (const testCode of ['approve', 'doubt-approved', 'doubt-slow']) {
      const body = receiptFor(store.channelKey, newPaymentId())
      const before = (await receiptsAtGateway(store)).length
      const answers = await Promise.all([1, 2, 3].map(() => store.api.send('issueCashReceipt', { body, testCode })))
      assert.deepEqual(answers.map(({ status }) => status).toSorted(), [200, 409, 409], testCode)
      assert.equal((await receiptsAtGateway(store)).length, before + 1)
      const path = { paymentId: body.paymentId }
      const cancels = await Promise.all([1, 2].map(() => store.api.send('cancelCashReceiptByPaymentId', { path })))
      assert.deepEqual(cancels.map(({ status }) => status).toSorted(), [200, 404], testCode)
    }
  })

  test('the same Idempotency-Key is one receipt', async () => {
    const store = await naru.newStore()
    const body = receiptFor(store.channelKey, newPaymentId())
    const issue = () => store.api.call('issueCashReceipt', { body, idempotencyKey: 'receipt-of-a-book' })
    assert.deepEqual(await issue(), await issue())
  })

  test('comes with the deposit, shows in the payment, and is cancelled with all of it', async () => {
    const store = await naru.newStore()
    const { payment } = store.portone
    const paymentId = newPaymentId()
    await payment.payInstantly({ paymentId, ...order(store.channelKey, withReceipt()) })
    await refuses(payment.cashReceipt.getCashReceiptByPaymentId({ paymentId }), 'CASH_RECEIPT_NOT_FOUND')
    assert.equal((await identities(store)).length, 1)
    await store.api.call('depositSandboxPayment', { path: { paymentId }, body: {} })
    await store.advance({ seconds: 1 })
    const issued = await read(store, paymentId)
    assert(issued.status === 'ISSUED')
    assert.deepEqual([issued.amount, issued.isManual, issued.type], [10_000, false, 'PERSONAL'])
    assert.equal((await identities(store)).length, 0)
    const paid = await store.api.call('getPayment', { path: { paymentId } })
    assert(paid.status === 'PAID')
    assert.equal(paid.cashReceipt?.status, 'ISSUED')
    assert.equal(paid.cashReceiptIssuanceStatus, 'ISSUED')

    await payment.cancelPayment({ paymentId, reason, amount: 4_000, refundAccount })
    await store.advance({ minutes: 2 })
    assert.equal((await read(store, paymentId)).status, 'ISSUED')
    await payment.cancelPayment({ paymentId, reason, refundAccount })
    await store.advance({ seconds: 1 })
    assert.equal((await read(store, paymentId)).status, 'CANCELLED')
    const refunded = await store.api.call('getPayment', { path: { paymentId } })
    assert(refunded.status === 'CANCELLED')
    assert.equal(refunded.cashReceipt?.status, 'CANCELLED')
    assert.deepEqual([...(await receiptsAtGateway(store))], [{ state: 'CANCELLED', amount: 10_000 }])
    const { items } = await store.api.call('getAllPaymentEventsByCursor')
    for (const { paymentEvent } of items) assert.deepEqual(paymentEvent.cashReceipt, refunded.cashReceipt)
    assert.deepEqual(
      items.map(({ paymentEvent: { type, cashReceiptIssuanceStatus } }) => [type, cashReceiptIssuanceStatus]),
      [
        ['PAID', 'ISSUED'],
        ['PARTIAL_CANCELLED', 'ISSUED'],
        ['CANCELLED', 'ISSUED'],
      ],
    )
  })

  test('money that moved says that no receipt was issued where one could have been, and nothing where none could', async () => {
    const store = await naru.newStore()
    const [account, byCard] = [newPaymentId(), newPaymentId()]
    const { payment } = store.portone
    await payment.payInstantly({ paymentId: account, ...order(store.channelKey, { method: virtualAccount() }) })
    await store.api.call('depositSandboxPayment', { path: { paymentId: account }, body: {} })
    await payment.payInstantly({ paymentId: byCard, ...order(store.channelKey) })
    const { items } = await store.api.call('getAllPaymentEventsByCursor')
    assert.deepEqual(
      items.map(({ paymentEvent: event }) => [event.paymentId, event.cashReceiptIssuanceStatus, event.cashReceipt]),
      [
        [account, 'NOT_ISSUED', undefined],
        [byCard, undefined, undefined],
      ],
    )
  })

  test("another store's receipts are not there", async () => {
    const [store, other] = [await naru.newStore(), await naru.newStore()]
    const paymentId = newPaymentId()
    await store.api.call('issueCashReceipt', { body: receiptFor(store.channelKey, paymentId) })
    await refuses(read(other, paymentId), 'CASH_RECEIPT_NOT_FOUND')
    const { cashReceipt } = other.portone.payment
    await refuses(cashReceipt.cancelCashReceiptByPaymentId({ paymentId }), 'CASH_RECEIPT_NOT_FOUND')
    const { storeId } = store
    await refuses(cashReceipt.cancelCashReceiptByPaymentId({ paymentId, storeId }), 'FORBIDDEN')
    await refuses(cashReceipt.issueCashReceipt(receiptFor(store.channelKey, newPaymentId())), 'CHANNEL_NOT_FOUND')
    const cancelled = await naru.portone.payment.cashReceipt.cancelCashReceiptByPaymentId({ paymentId, storeId })
    assert.equal(cancelled.cancelledAmount, 11_000)
  })

  test('is not issued for an account that nobody paid into, and whom it was for is forgotten', async () => {
    const store = await naru.newStore()
    const { payment } = store.portone
    const paymentId = newPaymentId()
    await payment.payInstantly({ paymentId, ...order(store.channelKey, withReceipt()) })
    await payment.closeVirtualAccount({ paymentId })
    await store.advance({ days: 2 })
    await refuses(payment.cashReceipt.getCashReceiptByPaymentId({ paymentId }), 'CASH_RECEIPT_NOT_FOUND')
    assert.equal((await identities(store)).length, 0)
    assert.equal((await receiptsAtGateway(store)).length, 0)
  })

  test('a deposit is found by looking, where nobody said that it came', async () => {
    const store = await naru.newStore()
    const paymentId = newPaymentId()
    await store.portone.payment.payInstantly({ paymentId, ...order(store.channelKey, withReceipt()) })
    // The bank has the money and the notice of it is lost: the payment learns of it when its account would expire.
    await sql`update sandbox_transactions set state = 'DEPOSITED' where store_id = ${store.storeId}`
    await store.advance({ hours: 26 })
    assert.equal((await read(store, paymentId)).status, 'ISSUED')
  })

  test('a receipt issued by hand before the deposit is the receipt', async () => {
    const store = await naru.newStore()
    const paymentId = newPaymentId()
    await store.portone.payment.payInstantly({ paymentId, ...order(store.channelKey, withReceipt()) })
    await store.portone.payment.cashReceipt.issueCashReceipt(receiptFor(store.channelKey, paymentId, 10_000))
    await store.api.call('depositSandboxPayment', { path: { paymentId }, body: {} })
    await store.advance({ seconds: 1 })
    assert.equal((await receiptsAtGateway(store)).length, 1)
    assert.equal((await identities(store)).length, 0)
  })

  test('a receipt that the gateway refuses does not touch the payment', async () => {
    const store = await naru.newStore()
    const paymentId = newPaymentId()
    const wanted = withReceipt(10_000, { customer: { id: 'sbx-receipt-fail' } })
    await store.portone.payment.payInstantly({ paymentId, ...order(store.channelKey, wanted) })
    await store.api.call('depositSandboxPayment', { path: { paymentId }, body: {} })
    await store.advance({ seconds: 1 })
    assert.equal((await read(store, paymentId)).status, 'ISSUE_FAILED')
    const payment = await store.api.call('getPayment', { path: { paymentId } })
    assert(payment.status === 'PAID')
    assert.equal(payment.cashReceiptIssuanceStatus, 'NOT_ISSUED')
    assert.equal((await identities(store)).length, 0)
  })

  test('folding the journal gives every snapshot', async () => {
    const rows = await sql<{ state: CashReceipts; history: { data: CashReceiptEvent; at: number }[] }[]>`
      select r.state, (
        select jsonb_agg(
          jsonb_build_object('data', j.data, 'at', (extract(epoch from j.at) * 1000)::bigint) order by j.version
        )
        from journal j where j.store_id = r.store_id and j.stream = 'cash-receipt' and j.stream_id = r.payment_id
      ) as history
      from cash_receipts r`
    assert(rows.length > 0)
    for (const { state, history } of rows) {
      const { merchantId, storeId, paymentId } = state
      const folded = history.reduce(
        (current, { data, at }) => evolve(current, data, at),
        noReceipts(merchantId, storeId, paymentId),
      )
      assert.deepEqual(JSON.parse(JSON.stringify(folded)), state)
    }
  })

  test('no identity number is anywhere in the database', async () => {
    const [found] = await sql<[{ count: number }]>`
      select (select count(*) from journal where data::text like '%1234-5678%')
           + (select count(*) from cash_receipts where state::text like '%1234-5678%') as count`
    assert.equal(found.count, 0)
  })

  test('lists filter, sort and page', async () => {
    const store = await naru.newStore()
    const { channelKey } = store
    const ids = [newPaymentId(), newPaymentId(), newPaymentId()]
    const [cancelled = '', failed = '', corporate = ''] = ids
    await store.api.call('issueCashReceipt', { body: receiptFor(channelKey, cancelled) })
    await store.api.call('cancelCashReceiptByPaymentId', { path: { paymentId: cancelled } })
    await store.api.send('issueCashReceipt', { body: receiptFor(channelKey, failed), testCode: 'receipt-fail' })
    const expense = { ...receiptFor(channelKey, corporate), type: 'CORPORATE' as const, orderName: 'A desk' }
    await store.api.call('issueCashReceipt', { body: expense })
    const list = async (filter: object, rest: object = {}) => {
      const { items } = await store.api.call('getCashReceipts', { body: { filter, ...rest } })
      return items.map(({ paymentId }) => paymentId)
    }
    const anyTime = { timeRangeField: 'STATUS_UPDATED_AT' }
    const ascending = { sort: { by: 'STATUS_UPDATED_AT', order: 'ASC' } }
    assert.deepEqual(await list({}), [corporate, cancelled])
    assert.deepEqual((await list(anyTime)).toSorted(), ids.toSorted())
    assert.deepEqual(await list(anyTime, ascending), [cancelled, failed, corporate])
    assert.deepEqual(await list({ timeRangeField: 'CANCELLED_AT' }), [cancelled])
    assert.deepEqual(await list({ ...anyTime, statuses: ['FAILED'] }), [failed])
    assert.deepEqual(await list({ ...anyTime, statuses: ['FAILED', 'CANCELLED'] }, ascending), [cancelled, failed])
    assert.deepEqual(await list({ types: ['CORPORATE'] }), [corporate])
    assert.deepEqual(await list({ orderName: 'A desk', isManual: true, isTest: true, version: 'V2' }), [corporate])
    assert.deepEqual(await list({ isManual: false }), [])
    assert.deepEqual(await list({ paymentId: cancelled }), [cancelled])
    assert.deepEqual(await list({ pgProviders: ['KAKAOPAY'] }), [])
    assert.equal((await list({ pgCompanies: ['TOSSPAYMENTS'] })).length, 2)
    const page = await store.api.call('getCashReceipts', { body: { page: { number: 1, size: 1 } } })
    assert.deepEqual([page.items.length, page.page.totalCount], [1, 2])
    for (const body of [{ page: { size: 0 } }, { page: { number: -1 } }, { page: { number: 60, size: 1_000 } }])
      assert.equal(typeOf(await store.api.send('getCashReceipts', { body })), 'INVALID_REQUEST')
  })

  test('lists cover both ends of a window, and the last 90 days without one', async () => {
    const store = await naru.newStore()
    const [kept, cancelled] = [newPaymentId(), newPaymentId()]
    for (const paymentId of [kept, cancelled])
      await store.api.call('issueCashReceipt', { body: receiptFor(store.channelKey, paymentId) })
    await store.advance({ hours: 1 })
    await store.api.call('cancelCashReceiptByPaymentId', { path: { paymentId: cancelled } })
    const list = async (filter: object, sort: object = {}) => {
      const { items } = await store.api.call('getCashReceipts', { body: { filter, sort } })
      return items.map(({ paymentId }) => paymentId)
    }
    const receipt = await read(store, cancelled)
    assert(receipt.status === 'CANCELLED')
    const { issuedAt, cancelledAt } = receipt
    const just = (text: string, milliseconds: number) => new Date(Date.parse(text) + milliseconds).toISOString()
    assert.deepEqual(await list({ paymentId: cancelled, from: issuedAt, until: issuedAt }), [cancelled])
    assert.deepEqual(await list({ paymentId: cancelled, from: just(issuedAt, 1), until: cancelledAt }), [])
    const updated = { timeRangeField: 'STATUS_UPDATED_AT' }
    assert.deepEqual(await list({ ...updated, from: cancelledAt, until: cancelledAt }), [cancelled])
    assert.deepEqual(await list({ ...updated, until: just(cancelledAt, -1) }), [kept])
    for (const order of ['ASC', 'DESC'])
      assert.deepEqual(await list({}, { by: 'CANCELLED_AT', order }), [cancelled, kept])
    await store.advance({ days: 90 })
    assert.deepEqual(await list({}), [])
    assert.deepEqual(await list({ timeRangeField: 'CANCELLED_AT' }), [])
    assert.deepEqual(await list({ from: issuedAt }), [cancelled])
  })

  test('payments are found by their receipts', async () => {
    const store = await naru.newStore()
    const [plain, withOne] = [newPaymentId(), newPaymentId()]
    for (const paymentId of [plain, withOne])
      await store.portone.payment.payInstantly({ paymentId, ...order(store.channelKey) })
    await store.api.call('issueCashReceipt', { body: receiptFor(store.channelKey, withOne, 10_000) })
    const list = async (filter: object) => {
      const { items } = await store.api.call('getPayments', { body: { filter } })
      return items.map(({ id }) => id)
    }
    assert.deepEqual(await list({ cashReceiptType: 'PERSONAL', cashReceiptStatus: 'ISSUED' }), [withOne])
    assert.deepEqual(await list({ cashReceiptStatus: 'CANCELLED' }), [])
    assert.deepEqual(await list({ cashReceiptType: 'NO_RECEIPT' }), [plain])
    const range = { from: '2020-01-01T00:00:00Z', until: '2100-01-01T00:00:00Z' }
    assert.deepEqual(await list({ cashReceiptIssuedAtRange: range }), [withOne])
    for (const besides of [
      { cashReceiptStatus: 'ISSUED' },
      { cashReceiptStatus: 'CANCELLED' },
      { cashReceiptIssuedAtRange: range },
      { cashReceiptIssuedAtRange: { from: range.from, until: range.from } },
      { cashReceiptCancelledAtRange: range },
      { textSearch: [{ field: 'PG_RECEIPT_ID', value: 'nobody' }] },
    ])
      assert.deepEqual(await list({ cashReceiptType: 'NO_RECEIPT', ...besides }), [], JSON.stringify(besides))
    for (const name of ['cashReceiptIssuedAtRange', 'cashReceiptCancelledAtRange']) {
      const backward = { filter: { [name]: { from: range.until, until: range.from } } }
      const answer = await store.api.send('getPayments', { body: backward })
      assert.equal(typeOf(answer), 'INVALID_REQUEST')
      assert.match(answer.text, new RegExp(`filter\\.${name}\\.from`))
    }
    const receipt = await read(store, withOne)
    assert(receipt.status === 'ISSUED' && receipt.pgReceiptId)
    const search = (field: string, value: string) => list({ textSearch: [{ field, value }] })
    assert.deepEqual(await search('RECEIPT_APPROVAL_NUMBER', receipt.issueNumber), [withOne])
    assert.deepEqual(await search('PG_RECEIPT_ID', receipt.pgReceiptId), [withOne])
    assert.deepEqual(await search('ALL', receipt.pgReceiptId.slice(0, -1)), [withOne])
    assert.deepEqual(await search('PG_RECEIPT_ID', receipt.pgReceiptId.slice(0, -1)), [])
  })

  const identities = ({ storeId }: TestStore) =>
    sql`select receipt_id from cash_receipt_identities where store_id = ${storeId}`
})
