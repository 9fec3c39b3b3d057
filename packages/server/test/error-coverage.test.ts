import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  type ErrorType,
  isErrorType,
  type OperationId,
  operationIds,
  operations,
  type SandboxGatewayOperation,
} from '@naru/contract'
import type { PortOneClient } from '@portone/server-sdk'
import { maximumAttempts } from '../src/payments/rules/approval.ts'
import { maximumCancellations } from '../src/payments/rules/cancellation.ts'
import { type Answer, thrownBy, typeOf } from './support/api.ts'
import { storeAt } from './support/channels.ts'
import { startNaru, type TestStore } from './support/naru.ts'
import { chargeOf, provokeCharging, provokeIssuing, provokeScheduling } from './support/provoke-billing-keys.ts'
import { provokeVerifying, requestFor } from './support/provoke-verifying.ts'
import { assertRecognised, methodsOf } from './support/recognised.ts'
import { card, newPaymentId, type Order, order, receiptFor, refundAccount, virtualAccount } from './support/requests.ts'

/** Errors that nothing can provoke yet, by what they wait for. */
const waiting: Readonly<Record<string, Partial<Record<OperationId, readonly ErrorType[]>>>> = {
  'a storeId: it takes none, and every credential reaches its own store': { getPromotion: ['FORBIDDEN'] },
  'a condition: PortOne lists it and documents none, and sending makes what is not there': {
    sendIdentityVerification: ['IDENTITY_VERIFICATION_NOT_FOUND'],
  },
  'an input: it takes none that could be wrong': { getBankInfos: ['INVALID_REQUEST'] },
}

const reason = 'changed my mind'
const interventions = [
  'editSandboxPromotion',
  'pauseSandboxPromotion',
  'resumeSandboxPromotion',
  'terminateSandboxPromotion',
] as const
const logistics = { company: 'CJ', invoiceNumber: '1', sentAt: '2026-01-02T03:04:05Z' } as const
const receiptItem = {
  storeBusinessRegistrationNumber: '1234567890',
  storeName: 'A shop',
  totalAmount: 1,
  taxFreeAmount: 0,
  vatAmount: 0,
  supplyAmount: 1,
  currency: 'KRW',
} as const
const dateRange = { from: '2026-01-01', until: '2026-01-31' }
const timeToPay = '2099-01-01T00:00:00Z'
/** No text of ours: PostgreSQL cannot store it. */
const impossible = 'a\0b'

describe('errors', async () => {
  const naru = await startNaru()
  const provoked = new Set<string>()
  const nameOf = (id: OperationId, type: string) => `${id} ${type}`

  /** Through PortOne's SDK, as an error that it recognises. */
  const throws = async (id: OperationId, type: ErrorType, call: Promise<unknown>): Promise<void> => {
    const thrown = await thrownBy(call)
    assert.equal(thrown.type, type, `${id} as ${thrown.name}`)
    assertRecognised(thrown.name, type)
    provoked.add(nameOf(id, type))
  }

  const methodsOfSdk = new Set(methodsOf(naru.portone))
  /** Over plain HTTP, only where PortOne's SDK has no such operation. */
  const answers = async (id: OperationId, type: ErrorType, answer: Promise<Answer>): Promise<void> => {
    assert(!methodsOfSdk.has(id), `the SDK has ${id}: provoke ${type} through it`)
    assert.equal(typeOf(await answer), type, id)
    provoked.add(nameOf(id, type))
  }

  const pay = async ({ portone, channelKey }: TestStore, wanted: Order = {}): Promise<string> => {
    const paymentId = newPaymentId()
    await portone.payment.payInstantly({ paymentId, ...order(channelKey, wanted) })
    return paymentId
  }

  /** What the header would say, which the SDK cannot send. */
  const script = ({ api }: TestStore, operation: SandboxGatewayOperation, ...steps: string[]) =>
    api.call('createSandboxScript', { body: { match: { operation }, steps } })

  const provoke = { throws, answers, script }
  test('issuing, confirming and deleting billing keys', () => provokeIssuing(naru, provoke))
  test('charging billing keys', () => provokeCharging(naru, provoke))
  test('scheduling', () => provokeScheduling(naru, provoke))
  test('verifying identities', () => provokeVerifying(naru, provoke))

  /** Every operation of the SDK that takes a store, with a request that is right but for the store and the secret. */
  const everywhere = (
    { payment, identityVerification, reconciliation }: PortOneClient,
    storeId: string,
  ): Partial<Record<OperationId, () => Promise<unknown>>> => {
    const paymentId = 'p'
    const of = { paymentId, storeId }
    return {
      preRegisterPayment: () => payment.preRegisterPayment(of),
      payInstantly: () => payment.payInstantly({ ...of, ...order('k') }),
      confirmPayment: () => payment.confirmPayment({ ...of, paymentToken: 't' }),
      capturePayment: () => payment.capturePayment(of),
      cancelPayment: () => payment.cancelPayment({ ...of, reason }),
      stopPaymentCancellation: () => payment.stopPaymentCancellation({ ...of, cancellationId: 'c' }),
      closeVirtualAccount: () => payment.closeVirtualAccount(of),
      resendWebhook: () => payment.resendWebhook(of),
      applyEscrowLogistics: () => payment.applyEscrowLogistics({ ...of, logistics }),
      modifyEscrowLogistics: () => payment.modifyEscrowLogistics({ ...of, logistics }),
      confirmEscrow: () => payment.confirmEscrow(of),
      registerStoreReceipt: () => payment.registerStoreReceipt({ ...of, items: [receiptItem] }),
      getPayment: () => payment.getPayment(of),
      getPaymentTransactions: () => payment.getPaymentTransactions(of),
      getPayments: () => payment.getPayments({ filter: { storeId } }),
      getAllPaymentsByCursor: () => payment.getAllPaymentsByCursor({ storeId }),
      getAllPaymentEventsByCursor: () => payment.getAllPaymentEventsByCursor({ storeId }),
      payWithBillingKey: () => payment.payWithBillingKey({ ...of, billingKey: 'b', ...chargeOf() }),
      issueBillingKey: () => payment.billingKey.issueBillingKey({ storeId, channelKey: 'k', method: card() }),
      confirmBillingKey: () => payment.billingKey.confirmBillingKey({ storeId, billingIssueToken: 't.t' }),
      confirmBillingKeyIssueAndPay: () =>
        payment.billingKey.confirmBillingKeyIssueAndPay({ storeId, billingIssueToken: 't.t' }),
      getBillingKeyInfo: () => payment.billingKey.getBillingKeyInfo({ storeId, billingKey: 'b' }),
      getBillingKeyInfos: () => payment.billingKey.getBillingKeyInfos({ filter: { storeId } }),
      deleteBillingKey: () => payment.billingKey.deleteBillingKey({ storeId, billingKey: 'b' }),
      createPaymentSchedule: () => {
        const scheduled = { storeId, billingKey: 'b', ...chargeOf() }
        return payment.paymentSchedule.createPaymentSchedule({ paymentId, payment: scheduled, timeToPay })
      },
      getPaymentSchedule: () => payment.paymentSchedule.getPaymentSchedule({ storeId, paymentScheduleId: 's' }),
      getPaymentSchedules: () => payment.paymentSchedule.getPaymentSchedules({ filter: { storeId } }),
      revokePaymentSchedules: () => payment.paymentSchedule.revokePaymentSchedules({ storeId, scheduleIds: ['s'] }),
      sendIdentityVerification: () =>
        identityVerification.sendIdentityVerification({ storeId, ...requestFor('k', 'verification') }),
      resendIdentityVerification: () =>
        identityVerification.resendIdentityVerification({ storeId, identityVerificationId: 'i' }),
      confirmIdentityVerification: () =>
        identityVerification.confirmIdentityVerification({ storeId, identityVerificationId: 'i', otp: '000000' }),
      getIdentityVerification: () =>
        identityVerification.getIdentityVerification({ storeId, identityVerificationId: 'i' }),
      getIdentityVerifications: () => identityVerification.getIdentityVerifications({ filter: { storeId } }),
      getPaymentReconciliationSettlementVatReport: () =>
        reconciliation.getPaymentReconciliationSettlementVatReport({ dateRange, filter: { storeIds: [storeId] } }),
      getPaymentReconciliationTransactionVatReport: () =>
        reconciliation.getPaymentReconciliationTransactionVatReport({ dateRange, filter: { storeIds: [storeId] } }),
      getCashReceipts: () => payment.cashReceipt.getCashReceipts({ filter: { storeId } }),
      issueCashReceipt: () => payment.cashReceipt.issueCashReceipt({ storeId, ...receiptFor('k', paymentId) }),
      getCashReceiptByPaymentId: () => payment.cashReceipt.getCashReceiptByPaymentId(of),
      cancelCashReceiptByPaymentId: () => payment.cashReceipt.cancelCashReceiptByPaymentId(of),
    }
  }

  const inSdk = async (type: ErrorType, portone: PortOneClient, storeId: string) => {
    const calls = everywhere(portone, storeId)
    for (const id of operationIds) {
      const call = calls[id]
      if (call) await throws(id, type, call())
    }
  }

  test('wrong secret, store out of reach, text that cannot be', async () => {
    const store = await naru.newStore()
    await inSdk('UNAUTHORIZED', naru.clientsOf('no-such-secret').portone, store.storeId)
    await inSdk('FORBIDDEN', store.portone, naru.storeId)
    await inSdk('FORBIDDEN', naru.portone, 'store-of-nobody')
    await inSdk('INVALID_REQUEST', store.portone, impossible)
    const { auth } = store.portone
    await throws('loginViaApiSecret', 'UNAUTHORIZED', auth.loginViaApiSecret({ apiSecret: 'no-such-secret' }))
    await throws('loginViaApiSecret', 'INVALID_REQUEST', auth.loginViaApiSecret({ apiSecret: impossible }))
    await throws('refreshToken', 'UNAUTHORIZED', auth.refreshToken({ refreshToken: 'no-such-token' }))
    await throws('refreshToken', 'INVALID_REQUEST', auth.refreshToken({ refreshToken: impossible }))
  })

  test('a payment that is not there', async () => {
    const { portone, storeId } = await naru.newStore()
    const calls = everywhere(portone, storeId)
    for (const id of operationIds) {
      const listed: readonly string[] = operations[id].errors
      const call = calls[id]
      if (call && listed.includes('PAYMENT_NOT_FOUND')) await throws(id, 'PAYMENT_NOT_FOUND', call())
    }
  })

  test('paying', async () => {
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
    await throws(
      'payInstantly',
      'MAX_TRANSACTION_COUNT_REACHED',
      payment.payInstantly({ paymentId: often, ...declined }),
    )
    await answers(
      'authenticateSandboxPayment',
      'MAX_TRANSACTION_COUNT_REACHED',
      store.api.send('authenticateSandboxPayment', { path: { paymentId: often }, body: order(store.channelKey) }),
    )
  })

  test('confirming and capturing', async () => {
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
  })

  test('cancelling', async () => {
    const store = await naru.newStore()
    const { payment } = store.portone
    const paymentId = await pay(store, { amount: { total: 10_000, taxFree: 4_000 } })
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

    const stubborn = { paymentId: await pay(store, { total: 990_030 }), reason }
    await throws('cancelPayment', 'PG_PROVIDER', payment.cancelPayment(stubborn))
    for (let attempt = 1; attempt < maximumCancellations; attempt++) await thrownBy(payment.cancelPayment(stubborn))
    await throws('cancelPayment', 'MAX_CANCEL_COUNT_REACHED', payment.cancelPayment(stubborn))

    const stop = payment.stopPaymentCancellation
    const unknown = { paymentId, cancellationId: 'no-such-cancellation' }
    await throws('stopPaymentCancellation', 'PAYMENT_CANCELLATION_NOT_FOUND', stop(unknown))
    const pending = await pay(store, { customer: { id: 'sbx-cancel-pending-10' } })
    const { cancellation } = await payment.cancelPayment({ paymentId: pending, reason })
    const known = { paymentId: pending, cancellationId: 'id' in cancellation ? cancellation.id : '' }
    await script(store, 'STOP_CANCELLATION', 'maintenance')
    await throws('stopPaymentCancellation', 'PG_PROVIDER', stop(known))
    await store.advance({ hours: 1 })
    await throws('stopPaymentCancellation', 'PAYMENT_CANCELLATION_NOT_PENDING', stop(known))
  })

  test('promotions', async () => {
    const store = await naru.newStore()
    const { api, portone } = store
    const { payment } = portone
    const tenPercent = { amountFrom: 10_000, scheme: { type: 'PERCENT' as const, percent: 10 } }
    const wanted = {
      name: 'Spring',
      discountPolicy: { partitions: [tenPercent] },
      totalBudget: 100_000,
      endAt: '2099-01-01T00:00:00Z',
      cardCompany: 'SHINHAN_CARD' as const,
    }
    const { id: promotionId } = await api.call('createSandboxPromotion', { body: wanted })
    const stranger = naru.clientsOf('no-such-secret')
    for (const [clients, storeId, type] of [
      [stranger.api, store.storeId, 'UNAUTHORIZED'],
      [api, naru.storeId, 'FORBIDDEN'],
      [api, impossible, 'INVALID_REQUEST'],
    ] as const) {
      const create = clients.send('createSandboxPromotion', { body: { ...wanted, storeId } })
      await answers('createSandboxPromotion', type, create)
      await answers('listSandboxPromotions', type, clients.send('listSandboxPromotions', { query: { storeId } }))
      for (const id of interventions)
        await answers(id, type, clients.send(id, { path: { promotionId }, body: { storeId } }))
    }
    const unknown = { promotionId: 'no-such-promotion' }
    for (const id of interventions) await answers(id, 'PROMOTION_NOT_FOUND', api.send(id, { path: unknown, body: {} }))
    const read = (client: PortOneClient, id: string) => client.payment.promotion.getPromotion({ promotionId: id })
    await throws('getPromotion', 'UNAUTHORIZED', read(stranger.portone, promotionId))
    await throws('getPromotion', 'INVALID_REQUEST', read(portone, impossible))
    await throws('getPromotion', 'PROMOTION_NOT_FOUND', read(portone, unknown.promotionId))

    const instant = (body: Order) =>
      payment.payInstantly({ paymentId: newPaymentId(), ...order(store.channelKey, body) })
    const master = instant({ promotionId, method: card('5555555555554444') })
    await throws('payInstantly', 'PROMOTION_PAY_METHOD_DOES_NOT_MATCH', master)
    const all = { amountFrom: 0, scheme: { type: 'AMOUNT' as const, amount: 10_000 } }
    const generous = await api.call('createSandboxPromotion', {
      body: { ...wanted, discountPolicy: { partitions: [all] } },
    })
    await throws('payInstantly', 'DISCOUNT_AMOUNT_EXCEEDS_TOTAL_AMOUNT', instant({ promotionId: generous.id }))
    const paymentId = await pay(store, { promotionId })
    const cancel = (body: object) => payment.cancelPayment({ paymentId, reason, amount: 500, ...body })
    await throws('cancelPayment', 'NEGATIVE_PROMOTION_ADJUSTED_CANCEL_AMOUNT', cancel({}))
    await cancel({ promotionDiscountRetainOption: 'RETAIN' })
    await throws('cancelPayment', 'PROMOTION_DISCOUNT_RETAIN_OPTION_SHOULD_NOT_BE_CHANGED', cancel({}))
  })

  test('virtual accounts and webhooks', async () => {
    const store = await naru.newStore()
    const { payment } = store.portone
    const paid = await pay(store)
    const closePaid = payment.closeVirtualAccount({ paymentId: paid })
    await throws('closeVirtualAccount', 'PAYMENT_NOT_WAITING_FOR_DEPOSIT', closePaid)
    const stubborn = await pay(store, { method: virtualAccount(), total: 990_028 })
    await throws('closeVirtualAccount', 'PG_PROVIDER', payment.closeVirtualAccount({ paymentId: stubborn }))
    const account = await pay(store, { method: virtualAccount() })
    await store.api.call('depositSandboxPayment', { path: { paymentId: account }, body: {} })
    await throws('cancelPayment', 'INVALID_REQUEST', payment.cancelPayment({ paymentId: account, reason }))
    await payment.cancelPayment({ paymentId: account, reason, refundAccount })

    const resend = (webhookId?: string) =>
      payment.resendWebhook({ paymentId: paid, ...(webhookId === undefined ? {} : { webhookId }) })
    await throws('resendWebhook', 'WEBHOOK_NOT_FOUND', resend('no-such-webhook'))
    for (let count = 0; count < 10; count++) await resend()
    await throws('resendWebhook', 'MAX_WEBHOOK_RETRY_COUNT_REACHED', resend())
  })

  test('what follows a payment', async () => {
    const store = await storeAt(naru, 'INICIS_V2')
    const { payment } = store.portone
    const under = (code: string) => pay(store, { isEscrow: true, customer: { id: `sbx-${code}` } })
    const paymentId = await under('approve')
    await payment.applyEscrowLogistics({ paymentId, logistics })
    const steps = (id: string) =>
      ({
        applyEscrowLogistics: () => payment.applyEscrowLogistics({ paymentId: id, logistics }),
        modifyEscrowLogistics: () => payment.modifyEscrowLogistics({ paymentId: id, logistics }),
        confirmEscrow: () => payment.confirmEscrow({ paymentId: id }),
        registerStoreReceipt: () => payment.registerStoreReceipt({ paymentId: id, items: [receiptItem] }),
      }) as const
    const refused = await under('escrow-fail')
    await throws('applyEscrowLogistics', 'PG_PROVIDER', steps(refused).applyEscrowLogistics())
    await script(store, 'MODIFY_SHIPMENT', 'escrow-fail')
    await throws('modifyEscrowLogistics', 'PG_PROVIDER', steps(paymentId).modifyEscrowLogistics())
    await script(store, 'CONFIRM_ESCROW', 'escrow-fail')
    await throws('confirmEscrow', 'PG_PROVIDER', steps(paymentId).confirmEscrow())
    const unsplit = await under('receipt-fail')
    await throws('registerStoreReceipt', 'PG_PROVIDER', steps(unsplit).registerStoreReceipt())
    await payment.cancelPayment({ paymentId, reason })
    const late = steps(paymentId)
    await throws('applyEscrowLogistics', 'PAYMENT_NOT_PAID', late.applyEscrowLogistics())
    await throws('modifyEscrowLogistics', 'PAYMENT_NOT_PAID', late.modifyEscrowLogistics())
    await throws('confirmEscrow', 'PAYMENT_NOT_PAID', late.confirmEscrow())
    await throws('registerStoreReceipt', 'PAYMENT_NOT_PAID', late.registerStoreReceipt())
  })

  test('what only one gateway has', async () => {
    const store = await storeAt(naru, 'KCP_V2')
    const { portone, api, channelKey } = store
    const stranger = naru.clientsOf('no-such-secret')
    const order = { pgTxId: 't', channelKey }
    const ask = (portone: PortOneClient) => portone.pgSpecific.getKakaopayPaymentOrder(order)
    await throws('getKakaopayPaymentOrder', 'UNAUTHORIZED', ask(stranger.portone))
    await throws('getKakaopayPaymentOrder', 'INVALID_REQUEST', ask(portone))

    const promotions = (wanted: object = {}, by = portone) =>
      by.payment.additionalFeature.getPgCardPromotions({ channelKey, amount: 1, ...wanted })
    await throws('getPgCardPromotions', 'UNAUTHORIZED', promotions({}, stranger.portone))
    await throws('getPgCardPromotions', 'INVALID_REQUEST', promotions({ amount: 0 }))
    await throws('getPgCardPromotions', 'CHANNEL_NOT_FOUND', promotions({ channelKey: 'no-such-channel' }))
    await script(store, 'LIST_CARD_PROMOTIONS', 'maintenance')
    await throws('getPgCardPromotions', 'PG_PROVIDER', promotions())

    const body = {
      transactionId: 'no-such-transaction',
      deliveryType: 'DIGITAL',
      deliveryStatus: 'DELIVERED',
      estimatedDeliveryDatetime: '2026-01-02T03:04:05Z',
      estimatedUpdateDatetime: '2026-01-02T03:04:05Z',
      refundable: false,
      details: 'a licence key',
      shippingAddressEmail: 'buyer@example.com',
    } as const
    const deliver = (given: typeof body, by = api) => by.send('confirmPaymentwallDelivery', { body: given })
    await answers('confirmPaymentwallDelivery', 'UNAUTHORIZED', deliver(body, stranger.api))
    await answers('confirmPaymentwallDelivery', 'PAYMENT_NOT_FOUND', deliver(body))
    const nobody = api.send('confirmPaymentwallDelivery', { body: { ...body, shippingAddressEmail: 'nobody' } })
    await answers('confirmPaymentwallDelivery', 'INVALID_REQUEST', nobody)
  })

  test('cash receipts', async () => {
    const { portone, channelKey } = await naru.newStore()
    const { cashReceipt } = portone.payment
    const paymentId = newPaymentId()
    const issue = (key = channelKey, total = 10_000) =>
      cashReceipt.issueCashReceipt({ ...receiptFor(key, paymentId), amount: { total } })
    const cancel = () => cashReceipt.cancelCashReceiptByPaymentId({ paymentId })
    const read = cashReceipt.getCashReceiptByPaymentId({ paymentId })
    await throws('getCashReceiptByPaymentId', 'CASH_RECEIPT_NOT_FOUND', read)
    await throws('cancelCashReceiptByPaymentId', 'CASH_RECEIPT_NOT_FOUND', cancel())
    await throws('issueCashReceipt', 'CHANNEL_NOT_FOUND', issue('no-such-channel'))
    await throws('issueCashReceipt', 'PG_PROVIDER', issue(channelKey, 990_001))
    await throws('cancelCashReceiptByPaymentId', 'CASH_RECEIPT_NOT_ISSUED', cancel())
    await issue(channelKey, 990_030)
    await throws('issueCashReceipt', 'CASH_RECEIPT_ALREADY_ISSUED', issue())
    await throws('cancelCashReceiptByPaymentId', 'PG_PROVIDER', cancel())
  })

  test('the sandbox’s own operations', async () => {
    const store = await naru.newStore()
    const { api, channelKey } = store
    const path = { paymentId: await pay(store) }
    const unknown = { paymentId: 'no-such-payment' }
    const notification = { notificationId: 'no-such-notification' }
    for (const [clients, storeId, type] of [
      [naru.clientsOf('no-such-secret').api, store.storeId, 'UNAUTHORIZED'],
      [api, naru.storeId, 'FORBIDDEN'],
      [api, impossible, 'INVALID_REQUEST'],
    ] as const) {
      const at = { storeId }
      await answers('resetSandboxStore', type, clients.send('resetSandboxStore', { body: at }))
      await answers('getSandboxClock', type, clients.send('getSandboxClock', { query: at }))
      await answers('stopSandboxClock', type, clients.send('stopSandboxClock', { body: at }))
      await answers('startSandboxClock', type, clients.send('startSandboxClock', { body: at }))
      const advance = clients.send('advanceSandboxClock', { body: { ...at, seconds: 1 } })
      await answers('advanceSandboxClock', type, advance)
      await answers('getSandboxLedger', type, clients.send('getSandboxLedger', { query: at }))
      await answers('depositSandboxPayment', type, clients.send('depositSandboxPayment', { path, body: at }))
      const resolve = clients.send('resolveSandboxPayment', { path, body: { ...at, as: 'FAILED' } })
      await answers('resolveSandboxPayment', type, resolve)
      const dispute = clients.send('disputeSandboxPayment', { path, body: { ...at, as: 'WON' } })
      await answers('disputeSandboxPayment', type, dispute)
      for (const id of ['approveSandboxPayment', 'expireSandboxPayment', 'reverseSandboxPayment'] as const)
        await answers(id, type, clients.send(id, { path, body: at }))
      const goods = clients.send('progressSandboxEscrow', { path, body: { ...at, status: 'DELIVERED' } })
      await answers('progressSandboxEscrow', type, goods)
      const delivered = clients.send('deliverSandboxNotification', { path: notification, body: at })
      await answers('deliverSandboxNotification', type, delivered)
      const body = { ...order(channelKey), ...at }
      const authenticate = clients.send('authenticateSandboxPayment', { path, body })
      await answers('authenticateSandboxPayment', type, authenticate)
      const person = { identityVerificationId: 'i' }
      const opening = { path: person, body: { channelKey, ...at } }
      const opened = clients.send('openSandboxIdentityVerification', opening)
      await answers('openSandboxIdentityVerification', type, opened)
      const approval = clients.send('approveSandboxIdentityVerification', { path: person, body: at })
      await answers('approveSandboxIdentityVerification', type, approval)
      const days = { channelKey, kind: 'TRANSACTION' as const, ...dateRange, ...at }
      const file = clients.send('produceSandboxReconciliationFile', { body: days })
      await answers('produceSandboxReconciliationFile', type, file)
      const imported = clients.send('importSandboxReconciliationFile', { body: { ...days, csv: '' } })
      await answers('importSandboxReconciliationFile', type, imported)
      await answers('getSandboxReconciliation', type, clients.send('getSandboxReconciliation', { query: days }))
      const window = { body: { channelKey, method: card(), ...at } }
      const show = clients.send('authenticateSandboxBillingKey', window)
      await answers('authenticateSandboxBillingKey', type, show)
      const script = { ...at, match: { operation: 'CAPTURE' as const }, steps: ['approve'] }
      await answers('createSandboxScript', type, clients.send('createSandboxScript', { body: script }))
      await answers('listSandboxScripts', type, clients.send('listSandboxScripts', { query: at }))
      const unscripted = clients.send('deleteSandboxScript', { path: { scriptId: 's' }, query: at })
      await answers('deleteSandboxScript', type, unscripted)
      const renewal = { path: { billingKey: 'b' }, body: { ...card(), ...at } }
      await answers('renewSandboxBillingKey', type, clients.send('renewSandboxBillingKey', renewal))
    }
    const { api: stranger } = naru.clientsOf('no-such-secret')
    await answers('createSandboxStore', 'UNAUTHORIZED', stranger.send('createSandboxStore', { body: {} }))
    await answers('createSandboxStore', 'FORBIDDEN', api.send('createSandboxStore', { body: {} }))
    for (const webhookUrl of ['nowhere', 'mailto:shop@example.com']) {
      const nowhere = { body: { webhookUrl } }
      await answers('createSandboxStore', 'INVALID_REQUEST', naru.api.send('createSandboxStore', nowhere))
    }

    const nowhereElse = { channelKey: 'no-such-channel', kind: 'TRANSACTION' as const, ...dateRange }
    const produce = api.send('produceSandboxReconciliationFile', { body: nowhereElse })
    await answers('produceSandboxReconciliationFile', 'CHANNEL_NOT_FOUND', produce)
    const take = api.send('importSandboxReconciliationFile', { body: { ...nowhereElse, csv: '' } })
    await answers('importSandboxReconciliationFile', 'CHANNEL_NOT_FOUND', take)
    const compare = api.send('getSandboxReconciliation', { query: nowhereElse })
    await answers('getSandboxReconciliation', 'CHANNEL_NOT_FOUND', compare)

    const notify = api.send('deliverSandboxNotification', { path: notification })
    await answers('deliverSandboxNotification', 'PG_PROVIDER', notify)
    const deposit = (at: { paymentId: string }) => api.send('depositSandboxPayment', { path: at, body: {} })
    await answers('depositSandboxPayment', 'PAYMENT_NOT_FOUND', deposit(unknown))
    await answers('depositSandboxPayment', 'PG_PROVIDER', deposit(path))
    const resolve = (at: { paymentId: string }) =>
      api.send('resolveSandboxPayment', { path: at, body: { as: 'FAILED' } })
    await answers('resolveSandboxPayment', 'PAYMENT_NOT_FOUND', resolve(unknown))
    await answers('resolveSandboxPayment', 'PG_PROVIDER', resolve(path))
    const dispute = (at: { paymentId: string }) => api.send('disputeSandboxPayment', { path: at, body: { as: 'WON' } })
    await answers('disputeSandboxPayment', 'PAYMENT_NOT_FOUND', dispute(unknown))
    await answers('disputeSandboxPayment', 'PG_PROVIDER', dispute(path))
    for (const id of ['approveSandboxPayment', 'expireSandboxPayment', 'reverseSandboxPayment'] as const) {
      await answers(id, 'PAYMENT_NOT_FOUND', api.send(id, { path: unknown }))
      await answers(id, 'PG_PROVIDER', api.send(id, { path }))
    }
    const deliver = (at: { paymentId: string }) =>
      api.send('progressSandboxEscrow', { path: at, body: { status: 'DELIVERED' } })
    await answers('progressSandboxEscrow', 'PAYMENT_NOT_FOUND', deliver(unknown))
    await answers('progressSandboxEscrow', 'PG_PROVIDER', deliver(path))
    const authenticate = (at: { paymentId: string }, wanted: Order = {}, key = channelKey) =>
      api.send('authenticateSandboxPayment', { path: at, body: order(key, wanted) })
    await answers('authenticateSandboxPayment', 'ALREADY_PAID', authenticate(path))
    await answers('authenticateSandboxPayment', 'CHANNEL_NOT_FOUND', authenticate(unknown, {}, 'no-such-channel'))
    const tooFree = authenticate(unknown, { amount: { total: 1, taxFree: 2 } })
    await answers('authenticateSandboxPayment', 'SUM_OF_PARTS_EXCEEDS_TOTAL_AMOUNT', tooFree)
    const gone = authenticate(unknown, { customer: { id: 'sbx-shopper-cancel' } })
    await answers('authenticateSandboxPayment', 'PG_PROVIDER', gone)
  })

  test('every error that an operation lists was provoked, or is known to wait for something', () => {
    const waits = new Set(
      Object.values(waiting).flatMap((byOperation) =>
        operationIds.flatMap((id) => (byOperation[id] ?? []).map((type) => nameOf(id, type))),
      ),
    )
    const listed = operationIds.flatMap((id) => operations[id].errors.map((type) => nameOf(id, type)))
    assert.deepEqual(
      listed.filter((name) => !provoked.has(name) && !waits.has(name)),
      [],
      'listed, and never provoked',
    )
    assert.deepEqual(
      [...waits].filter((name) => provoked.has(name) || !listed.includes(name)),
      [],
      'waits for nothing any more',
    )
  })

  test('no operation answers 501', async () => {
    const { api } = await naru.newStore()
    for (const id of operationIds) {
      const answer = await api.send(id, { path: { paymentId: 'p', cancellationId: 'c' } })
      assert(answer.status === 200 || isErrorType(typeOf(answer)), id)
    }
  })
})
