import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { audit } from '../src/audit/audit.ts'
import { refuses, typeOf } from './support/api.ts'
import { startNaru, type TestStore } from './support/naru.ts'
import { read } from './support/paid.ts'
import { countOf } from './support/parallel.ts'
import { card, newPaymentId, type Order, order, refundAccount, virtualAccount } from './support/requests.ts'

const reason = 'changed my mind'

describe('virtual accounts through the official SDK', async () => {
  const naru = await startNaru()

  const { sql } = naru.database
  const issue = async ({ portone, channelKey }: TestStore, wanted: Order = {}): Promise<string> => {
    const paymentId = newPaymentId()
    await portone.payment.payInstantly({ paymentId, ...order(channelKey, { method: virtualAccount(), ...wanted }) })
    return paymentId
  }
  const deposit = ({ api }: TestStore, paymentId: string, body: { amount?: number; remitterName?: string } = {}) =>
    api.send('depositSandboxPayment', { path: { paymentId }, body })
  const statusOf = async ({ portone }: TestStore, paymentId: string) =>
    (await portone.payment.getPayment({ paymentId })).status

  test('issued, paid into, refunded to an account', async () => {
    const store = await naru.newStore()
    await store.api.call('stopSandboxClock')
    const paymentId = await issue(store)
    await store.webhooks.next('Transaction.VirtualAccountIssued', { paymentId })
    const issued = await store.portone.payment.getPayment({ paymentId })
    assert(issued.status === 'VIRTUAL_ACCOUNT_ISSUED' && issued.method?.type === 'PaymentMethodVirtualAccount')
    assert.match(issued.method.accountNumber, /^9088\d{10}$/)
    assert.equal(
      Date.parse(String(issued.method.expiredAt)) - Date.parse(String(issued.method.issuedAt)),
      24 * 3_600_000,
    )

    assert.equal((await deposit(store, paymentId, { amount: 9_999 })).status, 502)
    assert.equal((await deposit(store, paymentId, { remitterName: '김나루' })).status, 200)
    const { data } = await store.webhooks.next('Transaction.Paid', { paymentId })
    assert.equal(data.transactionId, issued.transactionId)
    const paid = await store.portone.payment.getPayment({ paymentId })
    assert(paid.status === 'PAID' && paid.method?.type === 'PaymentMethodVirtualAccount')
    assert.equal(paid.method.remitterName, '김나루')
    assert.equal(paid.webhooks?.at(-1)?.trigger, 'VIRTUAL_ACCOUNT_DEPOSIT')
    assert.equal(typeOf(await deposit(store, paymentId)), 'PG_PROVIDER')

    await refuses(store.portone.payment.cancelPayment({ paymentId, reason }), 'INVALID_REQUEST')
    const { cancellation } = await store.portone.payment.cancelPayment({ paymentId, reason, refundAccount })
    assert.equal(cancellation.status, 'SUCCEEDED')
    await store.webhooks.next('Transaction.Cancelled', { paymentId })
  })

  test('closed before a deposit: the payment fails and money is sent back', async () => {
    const store = await naru.newStore()
    await store.api.call('stopSandboxClock')
    const paymentId = await issue(store)
    const { closedAt } = await store.portone.payment.closeVirtualAccount({ paymentId })
    await store.webhooks.next('Transaction.Failed', { paymentId })
    const closed = await store.portone.payment.getPayment({ paymentId })
    assert(closed.status === 'FAILED')
    assert.equal(closed.failedAt, closedAt)
    assert.equal((await deposit(store, paymentId)).status, 502)
    await refuses(store.portone.payment.closeVirtualAccount({ paymentId }), 'PAYMENT_NOT_WAITING_FOR_DEPOSIT')
  })

  const ledgerOf = async ({ api }: TestStore, paymentId: string) =>
    (await api.call('getSandboxLedger', { query: { paymentId } })).items.map(({ state }) => state).sort()
  /** An order with two open accounts, tried once more with a card that is declined. */
  const tryAgainAndAgain = async (store: TestStore): Promise<string> => {
    const paymentId = await issue(store)
    await store.portone.payment.payInstantly({ paymentId, ...order(store.channelKey, { method: virtualAccount() }) })
    const declined = order(store.channelKey, { method: card('4000000000000002') })
    await refuses(store.portone.payment.payInstantly({ paymentId, ...declined }), 'PG_PROVIDER', 'SBX_DECLINED')
    return paymentId
  }

  test('closing closes every account of the order, also those of earlier attempts, and no money comes in', async () => {
    const store = await naru.newStore()
    const paymentId = await tryAgainAndAgain(store)
    const close = { path: { paymentId }, query: {}, idempotencyKey: `close-all-of-${paymentId}` }
    const first = await store.api.send('closeVirtualAccount', close)
    assert.deepEqual([first.status, await ledgerOf(store, paymentId)], [200, ['CLOSED', 'CLOSED', 'FAILED']])
    assert.equal((await deposit(store, paymentId)).status, 502)
    assert.equal(await statusOf(store, paymentId), 'FAILED')
    await sql`delete from idempotency_keys`
    assert.equal((await store.api.send('closeVirtualAccount', close)).text, first.text)
  })

  test('a bank takes a deposit for an account of an earlier attempt: the order is paid, and the others are closed', async () => {
    const store = await naru.newStore()
    const paymentId = await tryAgainAndAgain(store)
    assert.equal((await deposit(store, paymentId)).status, 200)
    assert.equal(await statusOf(store, paymentId), 'PAID')
    await store.advance({ seconds: 1 })
    assert.deepEqual(await ledgerOf(store, paymentId), ['CLOSED', 'DEPOSITED', 'FAILED'])
  })

  test('expires at its deadline by the store’s clock, not before', async () => {
    const store = await naru.newStore()
    const paymentId = await issue(store, { method: virtualAccount({ validHours: 2 }) })
    await store.advance({ minutes: 119 })
    assert.equal(await statusOf(store, paymentId), 'VIRTUAL_ACCOUNT_ISSUED')
    await store.advance({ minutes: 1 })
    const expired = await store.portone.payment.getPayment({ paymentId })
    assert(expired.status === 'FAILED')
    assert.match(String(expired.failure.reason), /expired/)
    await store.webhooks.next('Transaction.Failed', { paymentId })
    assert.equal((await deposit(store, paymentId)).status, 502)
  })

  test('ends before its time where the bank ends it, and opens after all where it was refused', async () => {
    const store = await naru.newStore()
    const paymentId = await issue(store)
    await store.api.call('expireSandboxPayment', { path: { paymentId } })
    assert.equal(await statusOf(store, paymentId), 'FAILED')
    await store.webhooks.next('Transaction.Failed', { paymentId })
    const refused = newPaymentId()
    const failing = order(store.channelKey, { method: virtualAccount(), total: 990_026 })
    await refuses(
      store.portone.payment.payInstantly({ paymentId: refused, ...failing }),
      'PG_PROVIDER',
      'SBX_BANK_DOWN',
    )
    await store.api.call('approveSandboxPayment', { path: { paymentId: refused } })
    assert.equal(await statusOf(store, refused), 'VIRTUAL_ACCOUNT_ISSUED')
    assert.equal((await deposit(store, refused)).status, 200)
    assert.equal(await statusOf(store, refused), 'PAID')
  })

  test('pays by itself, even before the answer to its issue, and thrice announced is paid once', async () => {
    const store = await naru.newStore()
    const automatic = await issue(store, { total: 990_020 })
    const early = await issue(store, { total: 990_021 })
    const thrice = await issue(store, { total: 990_027 })
    await store.advance({ seconds: 5 })
    for (const paymentId of [automatic, early, thrice]) {
      await store.webhooks.next('Transaction.Paid', { paymentId })
      assert.equal(await statusOf(store, paymentId), 'PAID')
    }
    assert.equal(store.webhooks.received.filter(({ type }) => type === 'Transaction.Paid').length, 3)
  })

  test('a wrong amount, or nobody paying, leaves the account open until it expires', async () => {
    const store = await naru.newStore()
    const wrong = await issue(store, { total: 990_023 })
    const never = await issue(store, { total: 990_024 })
    await store.advance({ minutes: 10 })
    assert.deepEqual(
      [await statusOf(store, wrong), await statusOf(store, never)],
      ['VIRTUAL_ACCOUNT_ISSUED', 'VIRTUAL_ACCOUNT_ISSUED'],
    )
    assert.equal((await deposit(store, never)).status, 502)
  })

  test('cannot be issued or closed where the bank refuses', async () => {
    const store = await naru.newStore()
    const paymentId = newPaymentId()
    const failing = order(store.channelKey, { method: virtualAccount(), total: 990_026 })
    await refuses(store.portone.payment.payInstantly({ paymentId, ...failing }), 'PG_PROVIDER', 'SBX_BANK_DOWN')
    const stubborn = await issue(store, { total: 990_028 })
    await refuses(
      store.portone.payment.closeVirtualAccount({ paymentId: stubborn }),
      'PG_PROVIDER',
      'SBX_CLOSE_REFUSED',
    )
    assert.equal(await statusOf(store, stubborn), 'VIRTUAL_ACCOUNT_ISSUED')
  })

  test('a second attempt may be paid first; the account of the first is closed then', async () => {
    const store = await naru.newStore()
    const paymentId = await issue(store)
    await store.portone.payment.payInstantly({ paymentId, ...order(store.channelKey) })
    await store.webhooks.next('Transaction.Paid', { paymentId })
    // What is due now runs on the way to the next minute.
    await store.advance({ minutes: 1 })
    const { items } = await store.portone.payment.getPaymentTransactions({ paymentId })
    assert.deepEqual(
      items.map(({ status }) => status),
      ['FAILED', 'PAID'],
    )
  })

  test('a fixed account has the same number for every payment', async () => {
    const store = await naru.newStore()
    const fixed = (pgAccountId: string) => ({
      virtualAccount: {
        bank: 'SHINHAN' as const,
        expiry: { validHours: 1 },
        option: { type: 'FIXED' as const, fixed: { pgAccountId } },
      },
    })
    const numberOf = async (pgAccountId: string) => {
      const paymentId = await issue(store, { method: fixed(pgAccountId) })
      const payment = await store.portone.payment.getPayment({ paymentId })
      return (
        'method' in payment && payment.method?.type === 'PaymentMethodVirtualAccount' && payment.method.accountNumber
      )
    }
    const [first, again, other] = [await numberOf('a'), await numberOf('a'), await numberOf('b')]
    assert.equal(first, again)
    assert.notEqual(first, other)
  })

  test('after its deadline nothing can be cancelled or closed, and a new attempt starts over', async () => {
    const store = await naru.newStore()
    const paymentId = await issue(store, { method: virtualAccount({ validHours: 1 }) })
    await store.advance({ hours: 1 })
    const { payment } = store.portone
    await refuses(payment.cancelPayment({ paymentId, reason, refundAccount }), 'PAYMENT_NOT_PAID')
    await refuses(payment.closeVirtualAccount({ paymentId }), 'PAYMENT_NOT_WAITING_FOR_DEPOSIT')
    await payment.payInstantly({ paymentId, ...order(store.channelKey, { method: virtualAccount() }) })
    assert.equal((await deposit(store, paymentId)).status, 200)
    assert.equal(await statusOf(store, paymentId), 'PAID')
  })

  test('a deposit that the bank takes back: the payment stays PAID, the books differ until it is made again', async () => {
    const store = await naru.newStore()
    await store.api.call('stopSandboxClock')
    const paymentId = await issue(store, { total: 990_022 })
    const findings = async () => (await audit(naru.database.sql)).findings.map((found) => [found.paymentId, found.rule])
    const stateAtGateway = async () =>
      (await store.api.call('getSandboxLedger', { query: { paymentId } })).items.map(({ state }) => state)
    await store.advance({ seconds: 5 })
    await store.webhooks.next('Transaction.Paid', { paymentId })
    assert.deepEqual([await statusOf(store, paymentId), await stateAtGateway()], ['PAID', ['DEPOSITED']])
    assert.deepEqual(await findings(), [])
    const { updatedAt } = await read(store, paymentId)
    await store.advance({ days: 2 })
    const after = await read(store, paymentId)
    assert.deepEqual([after.status, after.updatedAt], ['PAID', updatedAt])
    assert.deepEqual(await stateAtGateway(), ['WAITING'])
    assert.deepEqual(await findings(), [[paymentId, 'paid-is-charged']])
    // There is no money to refund, which the gateway says when it is asked.
    const refund = () => store.portone.payment.cancelPayment({ paymentId, reason, refundAccount })
    await refuses(refund(), 'PG_PROVIDER', 'SBX_CANCEL_NOT_ALLOWED')
    assert.deepEqual(
      store.webhooks.received.map(({ type }) => type),
      ['Transaction.VirtualAccountIssued', 'Transaction.Paid'],
    )
  })

  test('money that comes once more makes the books agree again, and is told to nobody twice', async () => {
    const store = await naru.newStore()
    const paymentId = await issue(store, { total: 990_022 })
    await store.advance({ seconds: 15 })
    assert.equal((await deposit(store, paymentId)).status, 200)
    assert.equal(await statusOf(store, paymentId), 'PAID')
    const differing = (await audit(naru.database.sql)).findings.filter((found) => found.paymentId === paymentId)
    assert.deepEqual(differing, [])
    // Webhooks overtake each other.
    await store.webhooks.next('Transaction.Paid', { paymentId })
    await store.portone.payment.cancelPayment({ paymentId, reason, refundAccount })
    await store.webhooks.next('Transaction.Cancelled', { paymentId })
    assert.deepEqual(
      store.webhooks.received.map(({ type }) => type),
      ['Transaction.VirtualAccountIssued', 'Transaction.Paid', 'Transaction.Cancelled'],
    )
  })

  test('the method shows how the refund goes: under way, refused in part or in full, done', async () => {
    const store = await naru.newStore()
    await store.api.call('stopSandboxClock')
    const paymentId = await issue(store)
    await deposit(store, paymentId)
    const refundStatus = async () => {
      const { method } = await read(store, paymentId)
      assert(method?.type === 'PaymentMethodVirtualAccount')
      return method.refundStatus
    }
    const refund = (body: object = {}, testCode?: string) =>
      store.api.send('cancelPayment', {
        path: { paymentId },
        body: { reason, refundAccount, ...body },
        ...(testCode === undefined ? {} : { testCode }),
      })
    assert.equal(await refundStatus(), undefined)
    const closed = { ...refundAccount, number: '110-123-450002' }
    assert.match((await refund({ refundAccount: closed, amount: 1_000 })).text, /SBX_ACCOUNT_CLOSED/)
    assert.equal(await refundStatus(), 'PARTIAL_REFUND_FAILED')
    const stranger = { ...refundAccount, number: '110-123-450001' }
    assert.match((await refund({ refundAccount: stranger })).text, /SBX_HOLDER_MISMATCH/)
    assert.equal(await refundStatus(), 'FAILED')
    await refund({ amount: 4_000 }, 'cancel-pending-60')
    assert.equal(await refundStatus(), 'PENDING')
    await store.advance({ minutes: 1 })
    assert.equal(await refundStatus(), 'COMPLETED')
    for (const absurd of [{ number: '' }, { number: 'my account' }, { number: '12345' }, { holderName: ' ' }])
      assert.equal(typeOf(await refund({ refundAccount: { ...refundAccount, ...absurd } })), 'INVALID_REQUEST')
    await refund()
    assert.deepEqual([await refundStatus(), await statusOf(store, paymentId)], ['COMPLETED', 'CANCELLED'])
  })

  test('a refund account counts only where one is needed', async () => {
    const store = await naru.newStore()
    const paymentId = newPaymentId()
    await store.portone.payment.payInstantly({ paymentId, ...order(store.channelKey) })
    const empty = { bank: 'KOOKMIN' as const, number: '', holderName: '' }
    await store.portone.payment.cancelPayment({ paymentId, reason, refundAccount: empty })
    assert.equal(await statusOf(store, paymentId), 'CANCELLED')
  })

  test('a deposit is announced whatever was asked to be kept quiet', async () => {
    const store = await naru.newStore()
    const path = { paymentId: newPaymentId() }
    // PortOne's own SDK does not know `skipWebhook` yet.
    const quiet = { ...order(store.channelKey, { method: virtualAccount() }), skipWebhook: true }
    await store.api.call('payInstantly', { path, body: quiet })
    await deposit(store, path.paymentId)
    await store.webhooks.next('Transaction.Paid', path)
    assert.equal(store.webhooks.received.length, 1)
  })

  test('two closings at once are one; the other is told that it goes on, or is over', async () => {
    const store = await naru.newStore()
    const path = { paymentId: await issue(store) }
    const answers = await Promise.all([1, 2, 3].map(() => store.api.send('closeVirtualAccount', { path })))
    assert.deepEqual(countOf(answers), { '200': 1, PAYMENT_NOT_WAITING_FOR_DEPOSIT: 2 })
  })
})
