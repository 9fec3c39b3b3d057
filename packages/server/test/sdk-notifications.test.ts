import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { refuses, typeOf } from './support/api.ts'
import { startNaru, type TestStore } from './support/naru.ts'
import { newPaymentId, type Order, order, refundAccount, virtualAccount } from './support/requests.ts'

const reason = 'changed my mind'

describe('notifications of the PG', async () => {
  const naru = await startNaru()

  const pay = async ({ api, channelKey }: TestStore, testCode: string, wanted: Order = {}): Promise<string> => {
    const paymentId = newPaymentId()
    await api.call('payInstantly', { path: { paymentId }, body: order(channelKey, wanted), testCode })
    return paymentId
  }
  const openAccount = (store: TestStore, testCode: string) => pay(store, testCode, { method: virtualAccount() })
  const deposit = ({ api }: TestStore, paymentId: string) => api.call('depositSandboxPayment', { path: { paymentId } })
  const statusOf = async ({ api }: TestStore, paymentId: string) =>
    (await api.call('getPayment', { path: { paymentId } })).status
  const booksOf = async ({ api }: TestStore, paymentId: string) => {
    const [entry] = (await api.call('getSandboxLedger', { query: { paymentId } })).items
    assert(entry !== undefined)
    return entry
  }
  /** The one that is not delivered. */
  const undelivered = async (store: TestStore, paymentId: string) => {
    const { notifications } = await booksOf(store, paymentId)
    const [only, ...others] = notifications
    assert(only !== undefined && others.length === 0, JSON.stringify(notifications))
    return only
  }
  const deliver = ({ api }: TestStore, notificationId: string) =>
    api.send('deliverSandboxNotification', { path: { notificationId } })

  test('one whose signature is wrong is refused and changes nothing; delivered by hand, it is taken', async () => {
    const store = await naru.newStore()
    const paymentId = await openAccount(store, 'notify-badsig')
    await store.webhooks.next('Transaction.VirtualAccountIssued', { paymentId })
    await store.api.call('stopSandboxClock')
    await store.advance({ seconds: 1 })
    const issuing = (await booksOf(store, paymentId)).notifications
    for (const { id } of issuing) assert.equal((await deliver(store, id)).status, 200)

    await deposit(store, paymentId)
    await store.advance({ hours: 1 })
    assert.equal((await booksOf(store, paymentId)).state, 'DEPOSITED')
    assert.equal(await statusOf(store, paymentId), 'VIRTUAL_ACCOUNT_ISSUED')
    const { id, dueAt } = await undelivered(store, paymentId)
    assert.equal(dueAt, undefined)

    assert.equal((await deliver(store, id)).status, 200)
    await store.webhooks.next('Transaction.Paid', { paymentId })
    assert.equal(await statusOf(store, paymentId), 'PAID')
    assert.deepEqual((await booksOf(store, paymentId)).notifications, [])
    const again = await deliver(store, id)
    assert.deepEqual([typeOf(again), JSON.parse(again.text).pgCode], ['PG_PROVIDER', 'SBX_NOT_FOUND'])
  })

  test('a deposit whose notification was refused or got lost is found at the deadline all the same', async () => {
    const store = await naru.newStore()
    for (const code of ['notify-badsig', 'notify-none']) {
      const paymentId = await openAccount(store, code)
      await deposit(store, paymentId)
      assert.equal(await statusOf(store, paymentId), 'VIRTUAL_ACCOUNT_ISSUED', code)
      await store.advance({ hours: 24 })
      assert.equal(await statusOf(store, paymentId), 'PAID', code)
    }
  })

  test('a deposit whose notification got lost is found when the PG refuses to close the account', async () => {
    const store = await naru.newStore()
    const paymentId = await openAccount(store, 'notify-none')
    await deposit(store, paymentId)
    const close = () => store.portone.payment.closeVirtualAccount({ paymentId })
    await refuses(close(), 'PG_PROVIDER', 'SBX_CLOSE_NOT_ALLOWED')
    assert.equal(await statusOf(store, paymentId), 'PAID')
    await store.webhooks.next('Transaction.Paid', { paymentId })
    await refuses(close(), 'PAYMENT_NOT_WAITING_FOR_DEPOSIT')
  })

  test('one that got lost is delivered by hand', async () => {
    const store = await naru.newStore()
    const paymentId = await openAccount(store, 'notify-none')
    await deposit(store, paymentId)
    assert.equal((await deliver(store, (await undelivered(store, paymentId)).id)).status, 200)
    assert.equal(await statusOf(store, paymentId), 'PAID')
  })

  test('delivered before its time, what it stands for happens now, once', async () => {
    const store = await naru.newStore()
    await store.api.call('stopSandboxClock')
    const paid = await pay(store, 'pending-paid-600')
    const failed = await pay(store, 'pending-failed-600')
    for (const paymentId of [paid, failed]) {
      const { id, dueAt } = await undelivered(store, paymentId)
      assert.equal(Date.parse(String(dueAt)), (await store.now()) + 600_000)
      const answers = await Promise.all([1, 2, 3].map(() => deliver(store, id)))
      assert(answers.some(({ status }) => status === 200) && answers.every(({ status }) => [200, 502].includes(status)))
    }
    assert.deepEqual([await statusOf(store, paid), await statusOf(store, failed)], ['PAID', 'FAILED'])
    const payment = await store.portone.payment.getPayment({ paymentId: paid })
    assert(payment.status === 'PAID')
    assert.equal(Date.parse(payment.paidAt), await store.now())
    assert.deepEqual(
      await store.advance({ hours: 1 }).then((ran) => ran.filter(({ source }) => source !== 'webhook')),
      [],
    )
    assert.equal(store.webhooks.received.filter(({ type }) => type === 'Transaction.Paid').length, 1)
  })

  test('a delayed one is delivered without the delay, that of a refund too', async () => {
    const store = await naru.newStore()
    await store.api.call('stopSandboxClock')
    const account = await openAccount(store, 'notify-delay-60')
    for (const { id } of (await booksOf(store, account)).notifications) await deliver(store, id)
    await deposit(store, account)
    assert.equal(await statusOf(store, account), 'VIRTUAL_ACCOUNT_ISSUED')
    await deliver(store, (await undelivered(store, account)).id)
    assert.equal(await statusOf(store, account), 'PAID')

    const refunded = await pay(store, 'cancel-pending-600')
    const { cancellation } = await store.portone.payment.cancelPayment({ paymentId: refunded, reason })
    assert.equal(cancellation.status, 'REQUESTED')
    const waiting = await undelivered(store, refunded)
    assert.equal(waiting.cancellationReference, cancellation.id)
    assert.equal((await deliver(store, waiting.id)).status, 200)
    assert.equal(await statusOf(store, refunded), 'CANCELLED')
  })

  test('a deposit that the bank takes back leaves the payment paid, and waits again at the PG', async () => {
    const store = await naru.newStore()
    const reverse = async (paymentId: string) => {
      const answer = await store.api.send('reverseSandboxPayment', { path: { paymentId } })
      return answer.status === 200 ? 'done' : JSON.parse(answer.text).pgCode
    }
    const paymentId = await openAccount(store, 'approve')
    assert.equal(await reverse(paymentId), 'SBX_NOT_DEPOSITED')
    await deposit(store, paymentId)
    assert.deepEqual([await reverse(paymentId), await reverse(paymentId)], ['done', 'SBX_NOT_DEPOSITED'])
    assert.equal((await booksOf(store, paymentId)).state, 'WAITING')
    assert.equal(await statusOf(store, paymentId), 'PAID')
    const refunded = await openAccount(store, 'approve')
    await deposit(store, refunded)
    await store.portone.payment.cancelPayment({ paymentId: refunded, reason, amount: 1, refundAccount })
    assert.equal(await reverse(refunded), 'SBX_ALREADY_REFUNDED')
  })

  test('one of another store is not found', async () => {
    const [store, other] = [await naru.newStore(), await naru.newStore()]
    const { id } = await undelivered(store, await pay(store, 'pending-paid-600'))
    assert.equal(JSON.parse((await deliver(other, id)).text).pgCode, 'SBX_NOT_FOUND')
    assert.equal((await deliver(store, id)).status, 200)
  })
})
