import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { PaymentFilterInput } from '@naru/contract'
import { refuses } from './support/api.ts'
import { storeAt } from './support/channels.ts'
import { startNaru, type TestStore } from './support/naru.ts'
import { card, newPaymentId, type Order, order, virtualAccount } from './support/requests.ts'

const reason = 'changed my mind'

describe('lists through the official SDK', async () => {
  const naru = await startNaru()

  const pay = async ({ portone, channelKey }: TestStore, wanted: Order = {}): Promise<string> => {
    const paymentId = newPaymentId()
    await portone.payment.payInstantly({ paymentId, ...order(channelKey, wanted) }).catch(() => undefined)
    return paymentId
  }

  const found = async ({ api }: TestStore, filter: PaymentFilterInput): Promise<readonly string[]> => {
    const { items, page } = await api.call('getPayments', { body: { filter, page: { size: 100 } } })
    assert.equal(page.totalCount, items.length)
    return items.map(({ id }) => id).sort()
  }

  test('every filter finds what it names, and nothing else', async () => {
    const store = await naru.newStore()
    await store.api.call('stopSandboxClock')
    const visa = await pay(store, {
      orderName: 'Tulips',
      customer: {
        id: 'customer-7',
        name: { full: '김나루' },
        email: 'naru@example.com',
        phoneNumber: '010-1234-5678',
        zipcode: '04524',
        address: { addressLine1: 'Sejong-daero 110', addressLine2: '', city: 'Seoul' },
      },
    })
    const master = await pay(store, { method: card('5555555555554444'), currency: 'USD', total: 150 })
    const corporate = await pay(store, {
      method: {
        card: {
          credential: {
            number: '4000056655665556',
            expiryYear: '39',
            expiryMonth: '12',
            birthOrBusinessRegistrationNumber: '1234567890',
          },
          installmentMonth: 3,
        },
      },
      isEscrow: true,
    })
    const account = await pay(store, { method: virtualAccount() })
    const failed = await pay(store, { method: card('4000000000000002') })
    const pending = await pay(store, { total: 990_008 })
    const partial = await pay(store)
    await store.portone.payment.cancelPayment({ paymentId: partial, reason: 'wrong size', amount: 1 })
    const cancelled = await pay(store)
    await store.portone.payment.cancelPayment({ paymentId: cancelled, reason })
    const ready = newPaymentId()
    await store.api.call('authenticateSandboxPayment', { path: { paymentId: ready }, body: order(store.channelKey) })
    const cards = [visa, master, corporate, failed, pending, partial, cancelled]
    const paid = [visa, master, corporate]
    const all = [...cards, account, ready]

    const expects = async (filter: PaymentFilterInput, expected: readonly string[]) =>
      assert.deepEqual(await found(store, filter), [...expected].sort(), JSON.stringify(filter))
    const read = async (paymentId: string) => {
      const payment = await store.portone.payment.getPayment({ paymentId })
      assert('transactionId' in payment)
      return payment
    }
    const visaPayment = await read(visa)
    assert(visaPayment.status === 'PAID' && visaPayment.method?.type === 'PaymentMethodCard')
    const accountPayment = await read(account)
    assert(accountPayment.method?.type === 'PaymentMethodVirtualAccount')

    await expects({}, all)
    await expects({ status: ['PAID'] }, paid)
    await expects({ status: ['PENDING', 'READY'] }, [pending, ready])
    const { items } = await store.api.call('getPayments', { body: { filter: { status: ['PAY_PENDING'] } } })
    assert.deepEqual(
      items.map((payment) => 'id' in payment && payment.id),
      [pending],
    )
    const byBothNames = { filter: { status: ['PAY_PENDING' as const, 'PENDING' as const] } }
    assert.equal((await store.api.call('getPayments', { body: byBothNames })).items.length, 1)
    await expects({ status: ['FAILED', 'PARTIAL_CANCELLED', 'CANCELLED'] }, [failed, partial, cancelled])
    await expects({ status: ['VIRTUAL_ACCOUNT_ISSUED'] }, [account])
    await expects({ status: [] }, all)
    await expects({ methods: ['VIRTUAL_ACCOUNT'] }, [account])
    await expects({ methods: ['EASY_PAY', 'TRANSFER'] }, [])
    await expects({ pgProvider: ['TOSSPAYMENTS'] }, all)
    await expects({ pgProvider: ['INICIS'] }, [])
    await expects({ isTest: true }, all)
    await expects({ isTest: false }, [])
    await expects({ isScheduled: true }, [])
    await expects({ isScheduled: false }, all)
    await expects({ version: 'V1' }, [])
    await expects({ version: 'V2' }, all)
    await expects({ platformType: 'SDK_PC' }, [ready])
    await expects({ platformType: 'SDK_MOBILE' }, [])
    await expects({ platformType: 'API', currency: 'USD' }, [master])
    await expects({ isEscrow: true }, [corporate])
    await expects({ escrowStatus: 'REGISTERED' }, [])
    await expects({ cardBrand: 'MASTER' }, [master])
    await expects({ cardType: 'DEBIT' }, [corporate])
    await expects({ cardOwnerType: 'CORPORATE' }, [corporate])
    await expects({ giftCertificateType: 'BOOKNLIFE' }, [])
    await expects({ cashReceiptType: 'PERSONAL' }, [])
    await expects({ cashReceiptStatus: 'ISSUED' }, [])
    const range = { from: '2020-01-01T00:00:00Z', until: '2099-01-01T00:00:00+09:00' }
    await expects({ cashReceiptIssuedAtRange: range }, [])
    await expects({ cashReceiptCancelledAtRange: range }, [])
    await expects({ storeId: store.storeId, merchantId: visaPayment.merchantId }, all)

    const text = (
      field: NonNullable<PaymentFilterInput['textSearch']>[number]['field'],
      value: string | undefined,
    ) => ({
      textSearch: [{ field, value: String(value) }],
    })
    await expects(text('PAYMENT_ID', visa), [visa])
    await expects(text('TX_ID', visaPayment.transactionId), [visa])
    await expects(text('PG_TX_ID', visaPayment.pgTxId), [visa])
    await expects(text('PG_MERCHANT_ID', 'sandbox'), all)
    await expects(text('ORDER_NAME', 'Tulips'), [visa])
    await expects(text('ORDER_NAME', 'Tulip'), [])
    await expects(text('CUSTOMER_NAME', '김나루'), [visa])
    await expects(text('CUSTOMER_EMAIL', 'naru@example.com'), [visa])
    await expects(text('CUSTOMER_PHONE_NUMBER', '010-1234-5678'), [visa])
    await expects(text('CUSTOMER_ZIPCODE', '04524'), [visa])
    await expects(text('CUSTOMER_ADDRESS', 'Seoul Sejong-daero 110'), [visa])
    await expects(text('CARD_ISSUER', 'HYUNDAI_CARD'), [master])
    await expects(text('CARD_BIN', '555555'), [master])
    await expects(text('CARD_NUMBER', '555555******4444'), [master])
    await expects(text('CARD_APPROVAL_NUMBER', visaPayment.method.approvalNumber), [visa])
    await expects(text('CARD_INSTALLMENT', '3'), [corporate])
    await expects(text('VIRTUAL_ACCOUNT_NUMBER', accountPayment.method.accountNumber), [account])
    await expects(text('VIRTUAL_ACCOUNT_BANK', 'SHINHAN'), [account])
    await expects(text('VIRTUAL_ACCOUNT_HOLDER_NAME', 'Naru'), [account])
    await expects(text('CANCEL_REASON', 'wrong size'), [partial])
    await expects(text('SCHEDULE_ID', 'x'), [])
    await expects(text('ALL', 'Tul'), [visa])
    await expects(text('ALL', 'nowhere to be found'), [])
    const both = [
      { field: 'ORDER_NAME', value: 'Tulips' },
      { field: 'CARD_BIN', value: '555555' },
    ] as const
    await expects({ textSearch: [...both] }, [])

    await store.advance({ seconds: 0 })
    await expects({ webhookStatus: 'FAILED_NOT_OK_RESPONSE' }, [])
  })

  test('a page beyond what lists reach is refused with the name of the list and another way', async () => {
    const { api } = await naru.newStore()
    for (const [id, words] of [
      ['getPayments', 'more payments, use GET /payments-by-cursor.'],
      ['getPaymentSchedules', 'more payment schedules, narrow filter.from and filter.until.'],
      ['getBillingKeyInfos', 'more billing keys, narrow filter.from and filter.until.'],
      ['getCashReceipts', 'more cash receipts, narrow filter.from and filter.until.'],
      ['getIdentityVerifications', 'more identity verifications, narrow filter.from and filter.until.'],
    ] as const) {
      const { status, text } = await api.send(id, { body: { page: { number: 6_000, size: 10 } } })
      assert.deepEqual([status, String(JSON.parse(text).message).endsWith(words)], [400, true], text)
    }
  })

  test('a filter of more texts than a list looks for is refused, and one of a text that nobody has', async () => {
    const store = await naru.newStore()
    const filters = (texts: readonly string[]) =>
      store.api.send('getPayments', {
        body: { filter: { textSearch: texts.map((value) => ({ field: 'ALL' as const, value })) } },
      })
    const many = Array.from({ length: 20 }, (_, index) => `text ${index}`)
    assert.equal((await filters([...many.slice(1), 'x'.repeat(10_000)])).status, 200)
    const refused = async (texts: readonly string[], message: RegExp) => {
      const { status, text } = await filters(texts)
      assert.equal(status, 400)
      assert.match(Object(JSON.parse(text)).message, message)
    }
    await refused([...many, 'one more'], /^filter.textSearch must have at most 20 texts/)
    await refused(['short', 'x'.repeat(10_001)], /^filter.textSearch\[1\].value must have at most 10000 characters/)
  })

  test('billing keys are found by the company of their PG, whatever its gateways are called', async () => {
    const store = await storeAt(naru, 'UPLUS')
    const body = { channelKey: store.channelKey, method: card() }
    const { billingKeyInfo } = await store.api.call('issueBillingKey', { body })
    const found = async (company: 'TOSSPAYMENTS' | 'KCP') => {
      const asked = { body: { filter: { pgCompanies: [company] } } }
      return (await store.api.call('getBillingKeyInfos', asked)).items.map(({ billingKey }) => billingKey)
    }
    assert.deepEqual(await found('TOSSPAYMENTS'), [billingKeyInfo.billingKey])
    assert.deepEqual(await found('KCP'), [])
  })

  test('pages cover everything once, in the order asked for', async () => {
    const store = await naru.newStore()
    await store.api.call('stopSandboxClock')
    const ids: string[] = []
    for (let count = 0; count < 7; count++) {
      ids.push(await pay(store))
      await store.advance({ seconds: 1 })
    }
    const listed = async (sortOrder: 'ASC' | 'DESC') => {
      const pages: string[][] = []
      for (let number = 0; number < 4; number++) {
        const filter = { sortBy: 'REQUESTED_AT', sortOrder } as const
        const { items, page } = await store.portone.payment.getPayments({ page: { number, size: 3 }, filter })
        assert.deepEqual(page, { number, size: 3, totalCount: 7 })
        pages.push(items.map((payment) => ('id' in payment ? payment.id : '')))
      }
      return pages
    }
    assert.deepEqual(await listed('ASC'), [ids.slice(0, 3), ids.slice(3, 6), ids.slice(6), []])
    assert.deepEqual((await listed('DESC')).flat(), ids.toReversed())
    const beyond = { page: { number: 3_000, size: 10 } }
    assert.deepEqual((await store.portone.payment.getPayments(beyond)).items, [])
    await refuses(store.portone.payment.getPayments({ page: { number: 6_000, size: 10 } }), 'INVALID_REQUEST')
    await refuses(store.portone.payment.getPayments({ page: { number: 0, size: 1_001 } }), 'INVALID_REQUEST')
  })

  test('the stores of a merchant are listed as one, in order across them, by page and by cursor', async () => {
    const stores = [await naru.newStore(), await naru.newStore(), await naru.newStore()]
    // In a year of their own, where no store of another test is.
    const start = Date.parse('2036-01-01T00:00:00Z')
    const at = (second: number) => new Date(start + second * 1_000).toISOString()
    for (const { api } of stores) await api.call('stopSandboxClock')
    const ids: string[] = []
    for (let round = 0; round < 3; round++)
      for (const store of stores) {
        await store.api.call('advanceSandboxClock', { body: { to: at(ids.length) } })
        ids.push(await pay(store))
      }
    const window = { from: at(0), until: at(ids.length) }
    const pages: string[] = []
    for (let number = 0; number < 5; number++) {
      const filter = { ...window, timestampType: 'CREATED_AT', sortOrder: 'ASC' } as const
      const { items, page } = await naru.portone.payment.getPayments({ page: { number, size: 2 }, filter })
      assert.equal(page.totalCount, 9)
      pages.push(...items.map((payment) => ('id' in payment ? payment.id : '')))
    }
    assert.deepEqual(pages, ids)
    const walked: string[] = []
    for (let cursor: string | undefined; walked.length < 9; ) {
      const after = cursor === undefined ? {} : { cursor }
      const { items } = await naru.portone.payment.getAllPaymentEventsByCursor({ ...window, size: 2, ...after })
      assert.ok(items.length > 0)
      walked.push(...items.map(({ paymentEvent }) => ('paymentId' in paymentEvent ? paymentEvent.paymentId : '')))
      cursor = items.at(-1)?.cursor
    }
    assert.deepEqual(walked, ids)
  })

  test('the same payment id at the same instant in two stores is listed twice, however it is walked', async () => {
    const stores = [await naru.newStore(), await naru.newStore()]
    const paymentId = newPaymentId()
    const to = '2035-01-01T00:00:00.000Z'
    for (const { api, portone, channelKey } of stores) {
      await api.call('stopSandboxClock')
      await api.call('advanceSandboxClock', { body: { to } })
      await portone.payment.payInstantly({ paymentId, ...order(channelKey, {}) })
    }
    const wanted = stores.map(({ storeId }) => storeId).sort()
    const filter = { from: to, until: to, timestampType: 'CREATED_AT' as const }
    const paged: (string | undefined)[] = []
    for (const number of [0, 1]) {
      const { items } = await naru.api.call('getPayments', { body: { page: { number, size: 1 }, filter } })
      paged.push(...items.map(({ storeId }) => storeId))
    }
    assert.deepEqual(paged, wanted)
    const walked: (string | undefined)[] = []
    for (let cursor: string | undefined; ; ) {
      const body = { from: to, until: to, size: 1, ...(cursor === undefined ? {} : { cursor }) }
      const { items } = await naru.api.call('getAllPaymentEventsByCursor', { body })
      if (items.length === 0) break
      walked.push(...items.map(({ paymentEvent }) => paymentEvent.storeId))
      cursor = items.at(-1)?.cursor
    }
    assert.deepEqual(walked, wanted)
  })

  test('a window holds both its ends; by default it is the last 90 days', async () => {
    const store = await naru.newStore()
    await store.api.call('stopSandboxClock')
    const old = await pay(store)
    const { now: then } = await store.api.call('getSandboxClock')
    await store.advance({ days: 4 })
    await store.portone.payment.cancelPayment({ paymentId: old, reason })
    const { now: later } = await store.api.call('getSandboxClock')
    const between = (timestampType: 'CREATED_AT' | 'STATUS_CHANGED_AT', from: string, until: string) =>
      found(store, { timestampType, from, until })
    assert.deepEqual(await between('CREATED_AT', then, then), [old])
    assert.deepEqual(await between('STATUS_CHANGED_AT', then, then), [])
    assert.deepEqual(await between('STATUS_CHANGED_AT', later, later), [old])
    await refuses(store.portone.payment.getPayments({ filter: { from: later, until: then } }), 'INVALID_REQUEST')
    await store.advance({ days: 90 })
    assert.deepEqual(await found(store, {}), [old])
    await store.advance({ seconds: 1 })
    assert.deepEqual(await found(store, {}), [])
    const { items } = await store.portone.payment.getAllPaymentsByCursor({ from: then })
    assert.equal(items.length, 1)
  })

  test('a window that ends with the first instant there is holds nothing, and is no error', async () => {
    const until = '0001-01-01T00:00:00Z'
    const lists = ['getPayments', 'getBillingKeyInfos', 'getCashReceipts', 'getIdentityVerifications'] as const
    for (const list of [...lists, 'getPaymentSchedules' as const])
      assert.deepEqual((await naru.api.call(list, { body: { filter: { until } } })).items, [])
    for (const list of ['getAllPaymentsByCursor', 'getAllPaymentEventsByCursor'] as const)
      assert.deepEqual((await naru.api.call(list, { body: { until } })).items, [])
  })

  test('a walk by cursor sees everything once, whatever is paid meanwhile', async () => {
    const store = await naru.newStore()
    const before: string[] = []
    for (let count = 0; count < 5; count++) before.push(await pay(store))
    const until = new Date((await store.now()) + 3_600_000).toISOString()
    const walked: string[] = []
    const added: string[] = []
    let cursor: string | undefined
    for (;;) {
      const from = cursor === undefined ? {} : { cursor }
      const { items } = await store.portone.payment.getAllPaymentsByCursor({ size: 2, until, ...from })
      if (items.length === 0) break
      for (const item of items) walked.push('id' in item.payment ? item.payment.id : '')
      cursor = items.at(-1)?.cursor
      if (added.length < 3) added.push(await pay(store))
    }
    assert.deepEqual(walked, [...before, ...added])
    await refuses(store.portone.payment.getAllPaymentsByCursor({ cursor: 'nonsense' }), 'INVALID_REQUEST')
    await refuses(store.portone.payment.getAllPaymentsByCursor({ size: 1_001 }), 'INVALID_REQUEST')
  })

  test('events are walked like payments, and add up to what is kept', async () => {
    const store = await naru.newStore()
    for (let count = 0; count < 3; count++) {
      const paymentId = await pay(store)
      await store.portone.payment.cancelPayment({ paymentId, reason, amount: 4_000 })
    }
    await pay(store, { method: card('4000000000000002') })
    const amounts: number[] = []
    let cursor: string | undefined
    for (;;) {
      const from = cursor === undefined ? {} : { cursor }
      const { items } = await store.portone.payment.getAllPaymentEventsByCursor({ size: 4, ...from })
      if (items.length === 0) break
      for (const { paymentEvent } of items) amounts.push('eventAmount' in paymentEvent ? paymentEvent.eventAmount : 0)
      cursor = items.at(-1)?.cursor
    }
    assert.deepEqual(amounts, [10_000, -4_000, 10_000, -4_000, 10_000, -4_000])
  })
})
