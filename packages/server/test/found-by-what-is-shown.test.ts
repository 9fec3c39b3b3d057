import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type {
  BillingKeyFilterInput,
  BillingKeyInfo,
  BillingKeyTextSearchField,
  CashReceipt,
  CashReceiptFilterInput,
  Payment,
  PaymentFilterInput,
  PaymentSchedule,
  PaymentScheduleFilterInput,
  PaymentTextSearchField,
} from '@naru/contract'
import { audit } from '../src/audit/audit.ts'
import { createChannelGroup } from '../src/merchants/setup.ts'
import { browserOf, paymentOf } from './support/checkout.ts'
import { startNaru } from './support/naru.ts'
import { newPromotion } from './support/promotions.ts'
import { card, monthly, newPaymentId, type Order, order, receiptFor, virtualAccount } from './support/requests.ts'
import { assertFound, valuesAt, type Ways } from './support/shown.ts'

const customer = {
  id: 'customer-7',
  name: { full: '김나루' },
  email: 'naru@example.com',
  phoneNumber: '010-1234-5678',
  zipcode: '04524',
  address: { addressLine1: 'Sejong-daero 110', addressLine2: '', city: 'Seoul' },
}
const certificates = ['BOOKNLIFE', 'SMART_MUNSANG', 'CULTURELAND', 'HAPPYMONEY', 'CULTUREGIFT']

const methods = {
  PaymentMethodCard: 'CARD',
  PaymentMethodTransfer: 'TRANSFER',
  PaymentMethodVirtualAccount: 'VIRTUAL_ACCOUNT',
  PaymentMethodGiftCertificate: 'GIFT_CERTIFICATE',
  PaymentMethodMobile: 'MOBILE',
  PaymentMethodEasyPay: 'EASY_PAY',
  PaymentMethodConvenienceStore: 'CONVENIENCE_STORE',
  PaymentMethodCrypto: 'CRYPTO',
} as const
const storedMethods = {
  BillingKeyPaymentMethodCard: ['CARD'],
  BillingKeyPaymentMethodMobile: ['MOBILE'],
  BillingKeyPaymentMethodEasyPay: ['EASY_PAY'],
  BillingKeyPaymentMethodTransfer: ['TRANSFER'],
  // The filter has no such method.
  BillingKeyPaymentMethodPaypal: [],
} as const
/** None or one. */
const valuesOf = <Value>(value: Value | undefined): readonly Value[] => (value === undefined ? [] : [value])
const platforms = { PC: 'SDK_PC', MOBILE: 'SDK_MOBILE', API: 'API' } as const

const cardOf = ({ method }: Payment) => (method?.type === 'PaymentMethodCard' ? method.card : undefined)

const receiptOf = (payment: Payment) => ('cashReceipt' in payment ? payment.cashReceipt : undefined)

describe('what is listed is found by every field of the filter, by what it shows', async () => {
  const naru = await startNaru()
  const store = await naru.newStore()
  const { api, portone, channelKey, manualChannelKey, storeId } = store
  // Before the server has read the store, which it remembers for a while.
  const members = [{ channelKey: manualChannelKey, percentage: 100 }]
  const group = { storeId, name: '묶음', isForTest: true, members }
  const channelGroupId = await createChannelGroup(naru.database.sql, group)
  await api.call('stopSandboxClock')
  const { open } = browserOf(naru)

  const pay = async (wanted: Order = {}): Promise<string> => {
    const paymentId = newPaymentId()
    await api.send('payInstantly', { path: { paymentId }, body: order(channelKey, wanted) })
    return paymentId
  }
  const payInWindow = async (payMethod: string, given: object, device: 'PC' | 'MOBILE' = 'PC'): Promise<string> => {
    const payment = paymentOf(store, { payMethod, productType: 'DIGITAL', redirectUrl: 'https://shop.example/' })
    const { prove, opened } = await open(payment, 'PAYMENT', device)
    assert('token' in opened, JSON.stringify(opened))
    await prove({ customer: { name: '김나루', phoneNumber: '01012345678', email: 'a@example.com' }, ...given })
    return payment.paymentId
  }
  const issue = async (body: object = {}): Promise<string> => {
    const { billingKeyInfo } = await api.call('issueBillingKey', { body: { channelKey, method: card(), ...body } })
    return billingKeyInfo.billingKey
  }
  const issueInWindow = async (method: object): Promise<string> => {
    const { billingIssueToken } = await api.call('authenticateSandboxBillingKey', { body: { channelKey, method } })
    return (await api.call('confirmBillingKey', { body: { billingIssueToken } })).billingKey
  }
  const schedule = async (payment: object): Promise<readonly [paymentId: string, scheduleId: string]> => {
    const paymentId = newPaymentId()
    const timeToPay = new Date((await store.now()) + 60_000).toISOString()
    const body = { payment: { ...monthly(key), ...payment }, timeToPay }
    const made = await api.call('createPaymentSchedule', { path: { paymentId }, body })
    return [paymentId, made.schedule.id]
  }

  const key = await issue({ customer })
  const deleted = await issue({ method: card('5555555555554444') })
  await api.call('deleteBillingKey', { path: { billingKey: deleted } })
  const ofAccount = await issueInWindow({ transfer: { bank: 'SHINHAN', accountNumber: '110123456789' } })
  const keys = [
    ...[key, deleted, ofAccount, await issue({ channelKey: null, channelGroupId })],
    await issueInWindow({ easyPay: { provider: 'KAKAOPAY' } }),
  ]

  const promotionId = await newPromotion(store)
  const discounted = await pay({ promotionId, customer, orderName: 'Tulips', total: 20_000 })
  await portone.payment.cancelPayment({ paymentId: discounted, reason: 'wrong size', amount: 1_000 })
  const cancelled = await pay({ method: card('5555555555554444'), currency: 'USD', total: 150 })
  // What is compared of it ends within a character, which PostgreSQL stores as a whole or not at all.
  await portone.payment.cancelPayment({ paymentId: cancelled, reason: `${'a'.repeat(199)}😀` })
  const inEscrow = await pay({ isEscrow: true, method: card('4000056655665556') })
  const logistics = { company: 'CJ', invoiceNumber: '1', sentAt: '2026-01-02T03:04:05Z' } as const
  await portone.payment.applyEscrowLogistics({ paymentId: inEscrow, logistics })
  const withReceipt = async (type: 'PERSONAL' | 'CORPORATE', customerIdentityNumber: string) => {
    const { virtualAccount: account } = virtualAccount()
    const cashReceipt = { type, customerIdentityNumber }
    const paymentId = await pay({ method: { virtualAccount: { ...account, cashReceipt } } })
    await api.call('depositSandboxPayment', { path: { paymentId }, body: {} })
    return paymentId
  }
  const [personal, corporate] = [
    await withReceipt('PERSONAL', '010-1234-5678'),
    await withReceipt('CORPORATE', '1234567890'),
  ]
  const [byKey, byAccount] = [newPaymentId(), newPaymentId()]
  for (const [paymentId, billingKey] of [
    [byKey, key],
    [byAccount, ofAccount],
  ] as const)
    await api.call('payWithBillingKey', { path: { paymentId }, body: monthly(billingKey) })
  const [scheduled, scheduleId] = await schedule({})
  const [refused, refusedScheduleId] = await schedule({ customer: { id: 'sbx-decline' } })
  const payments = [
    ...[discounted, cancelled, inEscrow, personal, corporate, byKey, byAccount, scheduled, refused],
    ...[await pay(), await pay({ method: card('4000000000000002') }), await pay({ method: virtualAccount() })],
    await payInWindow('CARD', {}),
    await payInWindow('TRANSFER', { account: { bank: 'SHINHAN', number: '110123456789' } }, 'MOBILE'),
    await payInWindow('EASY_PAY', { wallet: 'KAKAOPAY' }),
    await payInWindow('MOBILE', { mobile: { carrier: 'SKT', birth: '9001011' } }),
    await payInWindow('CONVENIENCE_STORE', {}),
    await payInWindow('CRYPTO', {}),
  ]
  for (const type of certificates)
    payments.push(await payInWindow('GIFT_CERTIFICATE', { giftCertificate: { type, number: '12345678' } }))
  await store.advance({ minutes: 2 })
  await portone.payment.cashReceipt.cancelCashReceiptByPaymentId({ paymentId: corporate })
  const [byHand, notIssued] = [newPaymentId(), newPaymentId()]
  await api.send('issueCashReceipt', { body: { ...receiptFor(channelKey, byHand), orderName: 'By hand' } })
  await api.send('issueCashReceipt', { body: receiptFor(channelKey, notIssued, 990_001) })

  const readAll = <Shown>(ids: readonly string[], read: (id: string) => Promise<Shown>) => Promise.all(ids.map(read))
  const shownPayments = await readAll(payments, (paymentId) => api.call('getPayment', { path: { paymentId } }))

  const ofMethod = (type: string, path: string) => (payment: Payment) =>
    valuesAt(payment, 'method.type').includes(type) ? valuesAt(payment, `method.${path}`) : []
  const at = (path: string) => (shown: unknown) => valuesAt(shown, path)

  const findPayments = async (filter: PaymentFilterInput) => {
    const body = { filter, page: { size: 100 } }
    const { items, page } = await api.call('getPayments', { body })
    assert.equal(page.totalCount, items.length)
    return items.map(({ id }) => id)
  }
  const listOfPayments = { things: shownPayments, idOf: ({ id }: Payment) => id, find: findPayments }

  const texts = {
    PAYMENT_ID: at('id'),
    TX_ID: at('transactionId'),
    SCHEDULE_ID: at('scheduleId'),
    FAIL_REASON: at('failure.reason'),
    CARD_ISSUER: ofMethod('PaymentMethodCard', 'card.issuer'),
    CARD_ACQUIRER: ofMethod('PaymentMethodCard', 'card.publisher'),
    CARD_BIN: ofMethod('PaymentMethodCard', 'card.bin'),
    CARD_NUMBER: ofMethod('PaymentMethodCard', 'card.number'),
    CARD_APPROVAL_NUMBER: ofMethod('PaymentMethodCard', 'approvalNumber'),
    CARD_RECEIPT_NAME: ofMethod('PaymentMethodCard', 'card.name'),
    CARD_INSTALLMENT: ofMethod('PaymentMethodCard', 'installment.month'),
    TRANS_BANK: ofMethod('PaymentMethodTransfer', 'bank'),
    VIRTUAL_ACCOUNT_HOLDER_NAME: ofMethod('PaymentMethodVirtualAccount', 'remitteeName'),
    VIRTUAL_ACCOUNT_BANK: ofMethod('PaymentMethodVirtualAccount', 'bank'),
    VIRTUAL_ACCOUNT_NUMBER: ofMethod('PaymentMethodVirtualAccount', 'accountNumber'),
    PG_MERCHANT_ID: at('channel.pgMerchantId'),
    PG_TX_ID: at('pgTxId'),
    PG_RECEIPT_ID: at('cashReceipt.pgReceiptId'),
    RECEIPT_APPROVAL_NUMBER: at('cashReceipt.issueNumber'),
    PG_CANCELLATION_ID: at('cancellations.pgCancellationId'),
    CANCEL_REASON: at('cancellations.reason'),
    ORDER_NAME: at('orderName'),
    CUSTOMER_NAME: at('customer.name'),
    CUSTOMER_EMAIL: at('customer.email'),
    CUSTOMER_PHONE_NUMBER: at('customer.phoneNumber'),
    CUSTOMER_ADDRESS: at('customer.address.oneLine'),
    CUSTOMER_ZIPCODE: at('customer.zipcode'),
    USER_AGENT: at('origin.userAgent'),
    BILLING_KEY: at('billingKey'),
    PROMOTION_ID: at('promotionId'),
    GIFT_CERTIFICATION_APPROVAL_NUMBER: ofMethod('PaymentMethodGiftCertificate', 'approvalNumber'),
  } satisfies Readonly<Record<Exclude<PaymentTextSearchField, 'ALL'>, (payment: Payment) => readonly string[]>>
  const isText = (name: string): name is keyof typeof texts => name in texts

  for (const field of Object.keys(texts).filter(isText))
    test(`payments by the text ${field}, and by its beginning in any field`, async () => {
      const search = (payment: Payment) => texts[field](payment).map((value) => ({ textSearch: [{ field, value }] }))
      await assertFound({ ...listOfPayments, most: 2 }, { [field]: search })
      const [first] = shownPayments.flatMap((payment) => texts[field](payment).map((value) => ({ payment, value })))
      assert(first)
      const beginning = first.value.length > 1 ? first.value.slice(0, -1) : first.value
      const found = await findPayments({ textSearch: [{ field: 'ALL', value: beginning }] })
      assert.ok(found.includes(first.payment.id), `ALL: ${beginning}`)
    })

  test('payments by every attribute', async () => {
    const range = (instant: string) => ({ from: instant, until: instant })
    const latest = ({ status, webhooks = [] }: Payment) => webhooks.filter((one) => one.paymentStatus === status).at(-1)
    const ways: Ways<Payment, keyof PaymentFilterInput, PaymentFilterInput> = {
      merchantId: ({ merchantId }) => [{ merchantId }],
      storeId: (payment) => [{ storeId: payment.storeId }],
      timestampType: 'says what from and until are of',
      from: ({ requestedAt }) => [{ from: requestedAt, timestampType: 'CREATED_AT', until: requestedAt }],
      until: 'as from',
      status: ({ status }) => [{ status: [status] }],
      methods: ({ method }) => (method ? [{ methods: [methods[method.type]] }] : []),
      pgProvider: ({ channel }) => (channel ? [{ pgProvider: [channel.pgProvider] }] : []),
      isTest: ({ channel }) => [{ isTest: channel?.type === 'TEST' }],
      isScheduled: (payment) => [{ isScheduled: payment.scheduleId !== undefined }],
      sortBy: 'is an order',
      sortOrder: 'is an order',
      version: ({ version }) => [{ version }],
      webhookStatus: (payment) => valuesOf(latest(payment)?.status).map((webhookStatus) => ({ webhookStatus })),
      platformType: ({ origin }) => [{ platformType: platforms[origin.platformType] }],
      currency: ({ currency }) => [{ currency }],
      isEscrow: ({ escrow }) => [{ isEscrow: escrow !== undefined }],
      escrowStatus: ({ escrow }) =>
        escrow && escrow.status !== 'BEFORE_REGISTERED' ? [{ escrowStatus: escrow.status }] : [],
      cardBrand: (payment) => valuesOf(cardOf(payment)?.brand).map((cardBrand) => ({ cardBrand })),
      cardType: (payment) => valuesOf(cardOf(payment)?.type).map((cardType) => ({ cardType })),
      cardOwnerType: (payment) => valuesOf(cardOf(payment)?.ownerType).map((cardOwnerType) => ({ cardOwnerType })),
      giftCertificateType: ({ method }) =>
        method?.type === 'PaymentMethodGiftCertificate'
          ? valuesOf(method.giftCertificateType).map((giftCertificateType) => ({ giftCertificateType }))
          : [],
      cashReceiptType: (payment) => valuesOf(receiptOf(payment)?.type).map((cashReceiptType) => ({ cashReceiptType })),
      cashReceiptStatus: (payment) =>
        valuesOf(receiptOf(payment)?.status).map((cashReceiptStatus) => ({ cashReceiptStatus })),
      cashReceiptIssuedAtRange: (payment) =>
        valuesOf(receiptOf(payment)?.issuedAt).map((at) => ({ cashReceiptIssuedAtRange: range(at) })),
      cashReceiptCancelledAtRange: (payment) =>
        valuesAt(payment, 'cashReceipt.cancelledAt').map((at) => ({ cashReceiptCancelledAtRange: range(at) })),
      textSearch: 'has tests of its own',
    }
    await assertFound(listOfPayments, ways)
    const types = shownPayments.flatMap(ofMethod('PaymentMethodGiftCertificate', 'giftCertificateType'))
    assert.deepEqual(types, certificates)
    const all = new Set(shownPayments.flatMap(({ method }) => (method ? [methods[method.type]] : [])))
    assert.deepEqual([...all].toSorted(), Object.values(methods).toSorted())
  })

  test('billing keys by every text and every attribute', async () => {
    const shown = await readAll(keys, (billingKey) => api.call('getBillingKeyInfo', { path: { billingKey } }))
    const find = async (filter: BillingKeyFilterInput) => {
      const { items } = await api.call('getBillingKeyInfos', { body: { filter, page: { size: 100 } } })
      return items.map(({ billingKey }) => billingKey)
    }
    const list = { things: shown, idOf: ({ billingKey }: BillingKeyInfo) => billingKey, find }
    const text = (field: BillingKeyTextSearchField, path: string) => (info: BillingKeyInfo) =>
      valuesAt(info, path).map((value) => ({ textSearch: { field, value } }))
    const textWays: Ways<BillingKeyInfo, BillingKeyTextSearchField, BillingKeyFilterInput> = {
      BILLING_KEY: text('BILLING_KEY', 'billingKey'),
      CARD_BIN: text('CARD_BIN', 'methods.card.bin'),
      CARD_NUMBER: text('CARD_NUMBER', 'methods.card.number'),
      PG_MERCHANT_ID: text('PG_MERCHANT_ID', 'channels.pgMerchantId'),
      CUSTOMER_NAME: text('CUSTOMER_NAME', 'customer.name'),
      CUSTOMER_EMAIL: text('CUSTOMER_EMAIL', 'customer.email'),
      CUSTOMER_PHONE_NUMBER: text('CUSTOMER_PHONE_NUMBER', 'customer.phoneNumber'),
      CUSTOMER_ADDRESS: text('CUSTOMER_ADDRESS', 'customer.address.oneLine'),
      CUSTOMER_ZIPCODE: text('CUSTOMER_ZIPCODE', 'customer.zipcode'),
      USER_AGENT: 'a key says of no browser, and Naru keeps none with it',
      CHANNEL_GROUP_NAME: text('CHANNEL_GROUP_NAME', 'channelGroup.name'),
    }
    await assertFound(list, textWays)
    const ways: Ways<BillingKeyInfo, keyof BillingKeyFilterInput, BillingKeyFilterInput> = {
      storeId: (info) => [{ storeId: info.storeId }],
      timeRangeField: 'says what from and until are of',
      from: ({ issuedAt }) => [{ timeRangeField: 'ISSUED_AT', from: issuedAt, until: issuedAt }],
      until: 'as from',
      status: ({ status }) => [{ status: [status] }],
      channelGroupIds: (info) => (info.channelGroup ? [{ channelGroupIds: [info.channelGroup.id] }] : []),
      customerId: (info) => valuesOf(info.customer.id).map((customerId) => ({ customerId })),
      platformType: 'a key does not show it: those of the API and of windows are told apart, see sdk-billing-key-lists',
      textSearch: 'is above',
      pgProviders: ({ channels }) => channels.map(({ pgProvider }) => ({ pgProviders: [pgProvider] })),
      pgCompanies: 'as pgProviders, of several: see sdk-lists',
      methods: (info) =>
        (info.methods ?? []).flatMap(({ type }) => storedMethods[type].map((method) => ({ methods: [method] }))),
      version: () => [{ version: 'V2' }],
    }
    await assertFound(list, ways)
  })

  test('schedules by every attribute', async () => {
    const ids = [scheduleId, refusedScheduleId]
    const shown = await readAll(ids, (id) => api.call('getPaymentSchedule', { path: { paymentScheduleId: id } }))
    const find = async (filter: PaymentScheduleFilterInput) =>
      (await api.call('getPaymentSchedules', { body: { filter } })).items.map(({ id }) => id)
    const ways: Ways<PaymentSchedule, keyof PaymentScheduleFilterInput, PaymentScheduleFilterInput> = {
      storeId: (schedule) => [{ storeId: schedule.storeId }],
      billingKey: ({ billingKey }) => [{ billingKey }],
      from: ({ timeToPay }) => [{ from: timeToPay, until: timeToPay }],
      until: 'as from',
      status: ({ status }) => [{ status: [status] }],
      isForTest: () => [{ isForTest: true }],
    }
    await assertFound({ things: shown, idOf: ({ id }: PaymentSchedule) => id, find }, ways)
  })

  test('cash receipts by every attribute', async () => {
    const ids = [personal, corporate, byHand, notIssued]
    const shown = await readAll(ids, (paymentId) => api.call('getCashReceiptByPaymentId', { path: { paymentId } }))
    const find = async (filter: CashReceiptFilterInput) => {
      const timeRangeField = filter.timeRangeField ?? 'STATUS_UPDATED_AT'
      const { items } = await api.call('getCashReceipts', { body: { filter: { ...filter, timeRangeField } } })
      return items.map(({ paymentId }) => paymentId)
    }
    const ways: Ways<CashReceipt, keyof CashReceiptFilterInput, CashReceiptFilterInput> = {
      storeId: (receipt) => [{ storeId: receipt.storeId }],
      timeRangeField: 'says what from and until are of',
      from: (receipt) =>
        valuesAt(receipt, 'issuedAt').map((at) => ({ timeRangeField: 'ISSUED_AT', from: at, until: at })),
      until: 'as from',
      paymentId: ({ paymentId }) => [{ paymentId }],
      isTest: ({ channel }) => [{ isTest: channel?.type === 'TEST' }],
      orderName: ({ orderName }) => [{ orderName }],
      statuses: ({ status }) => [{ statuses: [status === 'ISSUE_FAILED' ? 'FAILED' : status] }],
      isManual: ({ isManual }) => [{ isManual }],
      pgReceiptId: (receipt) => valuesAt(receipt, 'pgReceiptId').map((pgReceiptId) => ({ pgReceiptId })),
      pgMerchantId: (receipt) => valuesAt(receipt, 'channel.pgMerchantId').map((pgMerchantId) => ({ pgMerchantId })),
      pgProviders: ({ channel }) => (channel ? [{ pgProviders: [channel.pgProvider] }] : []),
      pgCompanies: 'as pgProviders, of several: see sdk-lists',
      version: () => [{ version: 'V2' }],
      // One that was not issued shows no type, and has one all the same.
      types: (receipt) =>
        receipt.status === 'ISSUE_FAILED'
          ? []
          : valuesOf(receipt.type).map((type) => ({ types: [type], statuses: [receipt.status] })),
    }
    await assertFound({ things: shown, idOf: ({ paymentId }: CashReceipt) => paymentId, find }, ways)
  })

  test('and the columns that say so are what replaying gives', async () => {
    assert.deepEqual((await audit(naru.database.sql)).findings, [])
  })
})
