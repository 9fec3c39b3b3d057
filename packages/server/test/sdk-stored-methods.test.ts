import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { CashReceiptInput, SandboxBillingKeyMethodInput } from '@naru/contract'
import { audit } from '../src/audit/audit.ts'
import { createChannelGroup } from '../src/merchants/setup.ts'
import { typeOf } from './support/api.ts'
import { startNaru, type TestStore } from './support/naru.ts'
import { card, monthly, newPaymentId } from './support/requests.ts'

const account = { transfer: { bank: 'SHINHAN' as const, accountNumber: '110-123-456789' } }
const wallet = { easyPay: { provider: 'KAKAOPAY' as const } }
const personal: CashReceiptInput = { type: 'PERSONAL', customerIdentityNumber: '010-1234-5678' }

describe('billing keys for bank accounts and wallets, and cash receipts with their charges', async () => {
  const naru = await startNaru()

  const stopped = async () => {
    const store = await naru.newStore()
    await store.api.call('stopSandboxClock')
    return store
  }

  /** Goes through the window, and confirms. */
  const issue = async ({ api, channelKey }: TestStore, method: SandboxBillingKeyMethodInput = account) => {
    const body = { channelKey, method }
    const { billingIssueToken } = await api.call('authenticateSandboxBillingKey', { body })
    return (await api.call('confirmBillingKey', { body: { billingIssueToken } })).billingKey
  }

  const pay = async ({ api }: TestStore, billingKey: string, cashReceipt?: CashReceiptInput, testCode?: string) => {
    const path = { paymentId: newPaymentId() }
    const body = { ...monthly(billingKey), ...(cashReceipt ? { cashReceipt } : {}) }
    const answer = await api.send('payWithBillingKey', { path, body, ...(testCode ? { testCode } : {}) })
    return { ...path, answer }
  }

  const schedule = async (store: TestStore, billingKey: string, cashReceipt: CashReceiptInput, minutes = 60) => {
    const path = { paymentId: newPaymentId() }
    const timeToPay = new Date((await store.now()) + minutes * 60_000).toISOString()
    const body = { payment: { ...monthly(billingKey), cashReceipt }, timeToPay }
    return { ...path, answer: await store.api.send('createPaymentSchedule', { path, body }) }
  }

  const read = async ({ api }: TestStore, paymentId: string) => {
    const payment = await api.call('getPayment', { path: { paymentId } })
    assert(payment.status === 'PAID' || payment.status === 'CANCELLED')
    return payment
  }

  /** How many numbers of people are kept, encrypted, for receipts to come. */
  const kept = async ({ storeId }: TestStore) => {
    const [row] = await naru.database.sql<[{ count: number }]>`
      select count(*)::int as count from cash_receipt_identities where store_id = ${storeId}`
    return row.count
  }

  test('a key for an account is read, listed and charged as a transfer', async () => {
    const store = await stopped()
    const billingKey = await issue(store)
    const info = await store.api.call('getBillingKeyInfo', { path: { billingKey } })
    assert.deepEqual(info.methods, [
      { type: 'BillingKeyPaymentMethodTransfer', bank: 'SHINHAN', accountNumber: '********6789' },
    ])
    const { items } = await store.api.call('getBillingKeyInfos', { body: { filter: { methods: ['TRANSFER'] } } })
    assert.deepEqual(items, [info])
    const { paymentId } = await pay(store, billingKey)
    const { method, cashReceiptIssuanceStatus } = await read(store, paymentId)
    assert.deepEqual(method, { type: 'PaymentMethodTransfer', bank: 'SHINHAN', accountNumber: '********6789' })
    assert.equal(cashReceiptIssuanceStatus, 'NOT_ISSUED')
  })

  test("a key for a wallet is charged to the wallet's balance", async () => {
    const store = await stopped()
    const billingKey = await issue(store, wallet)
    const { items } = await store.api.call('getBillingKeyInfos', { body: { filter: { methods: ['EASY_PAY'] } } })
    assert.deepEqual(
      items.map((info) => info.billingKey),
      [billingKey],
    )
    const { paymentId } = await pay(store, billingKey)
    assert.deepEqual((await read(store, paymentId)).method, {
      type: 'PaymentMethodEasyPay',
      provider: 'KAKAOPAY',
      easyPayMethod: { type: 'PaymentMethodEasyPayMethodCharge' },
    })
  })

  test('what a window refuses, and a renewal of what is no card', async () => {
    const store = await stopped()
    const open = (method: SandboxBillingKeyMethodInput) =>
      store.api.send('authenticateSandboxBillingKey', { body: { channelKey: store.channelKey, method } })
    const numbered = (accountNumber: string) => ({ transfer: { ...account.transfer, accountNumber } })
    for (const method of [{}, { ...account, ...wallet }, numbered('12'), numbered('1-----2')])
      assert.equal(typeOf(await open(method)), 'INVALID_REQUEST', JSON.stringify(method))
    const path = { billingKey: await issue(store) }
    assert.equal(typeOf(await store.api.send('renewSandboxBillingKey', { path, body: card() })), 'INVALID_REQUEST')
  })

  for (const [name, method] of [
    ['an account', account],
    ['a wallet', wallet],
  ] as const)
    test(`a receipt is issued with a charge of ${name}, and cancelled with the payment`, async () => {
      const store = await stopped()
      const { paymentId } = await pay(store, await issue(store, method), personal)
      const paid = await read(store, paymentId)
      assert.deepEqual([paid.cashReceipt?.status, paid.cashReceiptIssuanceStatus], ['ISSUED', 'ISSUED'])
      assert.equal(await kept(store), 0)
      await store.portone.payment.cancelPayment({ paymentId, reason: '환불' })
      await store.advance({ minutes: 1 })
      assert.equal((await read(store, paymentId)).cashReceipt?.status, 'CANCELLED')
    })

  test('a charge that is declined issues no receipt, and whom it was for is forgotten', async () => {
    const store = await stopped()
    const { paymentId, answer } = await pay(store, await issue(store), personal, 'decline')
    assert.equal(typeOf(answer), 'PG_PROVIDER')
    assert.equal(await kept(store), 1)
    await store.advance({ days: 3 })
    assert.equal(await kept(store), 0)
    const receipt = await store.api.send('getCashReceiptByPaymentId', { path: { paymentId } })
    assert.equal(typeOf(receipt), 'CASH_RECEIPT_NOT_FOUND')
  })

  test('with a card, and for nobody, a receipt has no effect', async () => {
    const store = await stopped()
    const ofCard = await issue(store, card())
    const none: CashReceiptInput = { type: 'NO_RECEIPT' }
    for (const [billingKey, receipt] of [
      [ofCard, personal],
      [await issue(store), none],
    ] as const) {
      const { paymentId } = await pay(store, billingKey, receipt)
      assert.equal((await schedule(store, billingKey, receipt)).answer.status, 200)
      await store.advance({ days: 1 })
      assert.equal((await read(store, paymentId)).cashReceipt, undefined)
    }
    assert.equal(await kept(store), 0)
  })

  test('a receipt for nobody in particular, or for what is no number, is refused at once', async () => {
    const store = await stopped()
    const billingKey = await issue(store, card())
    const wrong: CashReceiptInput[] = [
      { type: 'PERSONAL' },
      { type: 'CORPORATE', customerIdentityNumber: '12' },
      { type: 'PERSONAL', customerIdentityNumber: 'me' },
    ]
    for (const receipt of wrong) {
      for (const [field, { answer }] of [
        ['cashReceipt.customerIdentityNumber', await pay(store, billingKey, receipt)],
        ['payment.cashReceipt.customerIdentityNumber', await schedule(store, billingKey, receipt)],
      ] as const) {
        assert.equal(typeOf(answer), 'INVALID_REQUEST')
        assert(JSON.parse(answer.text).message.startsWith(field), answer.text)
      }
    }
  })

  test('a scheduled charge issues its receipt when it is paid', async () => {
    const store = await stopped()
    const { paymentId } = await schedule(store, await issue(store), personal, 60 * 24 * 40)
    await store.advance({ days: 39 })
    assert.equal(await kept(store), 1)
    await store.advance({ days: 2 })
    const paid = await read(store, paymentId)
    assert.deepEqual([paid.cashReceipt?.status, paid.cashReceipt?.type], ['ISSUED', 'PERSONAL'])
    assert.equal(await kept(store), 0)
  })

  /** A key of two channels, at which the buyer's PGs hold an account now where `accounts` says so. */
  const issueAtTwo = async (shares: readonly [number, number], accounts: readonly boolean[]) => {
    const store = await naru.newStore()
    const { api, storeId, channelKey, manualChannelKey } = store
    const { sql } = naru.database
    const members = [channelKey, manualChannelKey].map((key, index) => ({
      channelKey: key,
      percentage: shares[index] ?? 0,
    }))
    const channelGroupId = await createChannelGroup(sql, { storeId, name: 'Two', isForTest: true, members })
    const { billingKeyInfo } = await api.call('issueBillingKey', { body: { channelGroupId, method: card() } })
    const { billingKey } = billingKeyInfo
    // Stored through the API it is a card. The buyer has it changed at the PG, and a renewal makes Naru ask.
    const method = { type: 'BillingKeyPaymentMethodTransfer', bank: 'SHINHAN', accountNumber: '********6789' }
    for (const [index, key] of [channelKey, manualChannelKey].entries())
      if (accounts[index])
        await sql`
          update sandbox_billing_keys set method = ${sql.json(method)} where store_id = ${storeId} and reference in (
            select holding ->> 'reference' from billing_keys, jsonb_array_elements(state -> 'holdings') as holding
            where store_id = ${storeId} and holding -> 'channel' ->> 'key' = ${key})`
    await api.call('renewSandboxBillingKey', { path: { billingKey }, body: card() })
    await api.call('stopSandboxClock')
    return { store, billingKey }
  }

  test('the receipt of a scheduled charge is issued by the PG that charged, of the two that hold the account', async () => {
    for (const shares of [
      [100, 0],
      [0, 100],
    ] as const) {
      const { store, billingKey } = await issueAtTwo(shares, [true, true])
      const { paymentId } = await schedule(store, billingKey, personal)
      await store.advance({ hours: 2 })
      const { channel, cashReceipt } = await read(store, paymentId)
      assert.equal(channel.key, shares[0] === 100 ? store.channelKey : store.manualChannelKey)
      assert.equal(cashReceipt?.status, 'ISSUED')
      const receipt = await store.api.call('getCashReceiptByPaymentId', { path: { paymentId } })
      assert.deepEqual(receipt.channel, channel)
    }
  })

  test('where the channel that charges holds a card, the receipt of a schedule is dropped', async () => {
    const { store, billingKey } = await issueAtTwo([0, 100], [true, false])
    const ofCard = await schedule(store, billingKey, personal)
    assert.equal(await kept(store), 1)
    await store.advance({ hours: 4 })
    const { method, cashReceipt } = await read(store, ofCard.paymentId)
    assert.deepEqual([method?.type, cashReceipt], ['PaymentMethodCard', undefined])
    assert.equal(await kept(store), 0)
  })

  test('whom the receipt of a schedule was for is forgotten when it is revoked, or was never made', async () => {
    const store = await stopped()
    const billingKey = await issue(store)
    const { paymentId, answer } = await schedule(store, billingKey, personal)
    assert.equal(answer.status, 200)
    const timeToPay = new Date((await store.now()) + 3_600_000).toISOString()
    const payment = { ...monthly(billingKey), cashReceipt: personal }
    const twice = await store.api.send('createPaymentSchedule', { path: { paymentId }, body: { payment, timeToPay } })
    assert.equal(typeOf(twice), 'PAYMENT_SCHEDULE_ALREADY_EXISTS')
    await store.advance({ minutes: 1 })
    assert.equal(await kept(store), 1)
    await store.api.call('revokePaymentSchedules', { body: { billingKey } })
    await store.advance({ minutes: 1 })
    assert.equal(await kept(store), 0)
  })

  test('the books agree with the PG afterwards', async () => {
    assert.deepEqual((await audit(naru.database.sql)).findings, [])
  })
})
