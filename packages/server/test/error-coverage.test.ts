import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { operationIds as all, type ErrorType, isErrorType, type OperationId, operations } from '@naru/contract'
import type { PortOneClient } from '@portone/server-sdk'
import { typeOf } from './support/api.ts'
import { storeAt } from './support/channels.ts'
import { everywhere } from './support/everywhere.ts'
import { startNaru } from './support/naru.ts'
import { paid } from './support/paid.ts'
import { impossible, logistics, nameOf, provoking, reason, receiptItem } from './support/provoke.ts'
import { provokeCharging, provokeIssuing, provokeScheduling } from './support/provoke-billing-keys.ts'
import { provokeBusinesses } from './support/provoke-businesses.ts'
import { provokeCancelling, provokeConfirming, provokePaying } from './support/provoke-paying.ts'
import { provokePromotions } from './support/provoke-promotions.ts'
import { provokeSandbox } from './support/provoke-sandbox.ts'
import { provokeSessions } from './support/provoke-sessions.ts'
import { provokeVerifying } from './support/provoke-verifying.ts'
import { newPaymentId, receiptFor, refundAccount, virtualAccount } from './support/requests.ts'

/** The payment side; partner settlement has a test of its own. */
const operationIds = all.filter((id) => !operations[id].path.startsWith('/platform'))

/** Errors that nothing can provoke yet, by what they wait for. */
const waiting: Readonly<Record<string, Partial<Record<OperationId, readonly ErrorType[]>>>> = {
  'a storeId: it takes none, and every credential reaches its own store': { getPromotion: ['FORBIDDEN'] },
  'a condition: PortOne lists it and documents none, and sending makes what is not there': {
    sendIdentityVerification: ['IDENTITY_VERIFICATION_NOT_FOUND'],
  },
  'an input: it takes none that could be wrong': { getBankInfos: ['INVALID_REQUEST'] },
}

describe('errors', async () => {
  const naru = await startNaru()
  const provoke = provoking(naru)
  const { throws, answers, script, provoked } = provoke
  test('paying', () => provokePaying(naru, provoke))
  test('confirming and capturing', () => provokeConfirming(naru, provoke))
  test('cancelling', () => provokeCancelling(naru, provoke))
  test('promotions', () => provokePromotions(naru, provoke))
  test('the sandbox’s own operations', () => provokeSandbox(naru, provoke))
  test('issuing, confirming and deleting billing keys', () => provokeIssuing(naru, provoke))
  test('charging billing keys', () => provokeCharging(naru, provoke))
  test('scheduling', () => provokeScheduling(naru, provoke))
  test('payment sessions', () => provokeSessions(naru, provoke))
  test('looking businesses up', () => provokeBusinesses(naru, provoke))
  test('verifying identities', () => provokeVerifying(naru, provoke))

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

  test('virtual accounts and webhooks', async () => {
    const store = await naru.newStore()
    const { payment } = store.portone
    const paymentId = await paid(store)
    const closePaid = payment.closeVirtualAccount({ paymentId })
    await throws('closeVirtualAccount', 'PAYMENT_NOT_WAITING_FOR_DEPOSIT', closePaid)
    const stubborn = await paid(store, { method: virtualAccount(), total: 990_028 })
    await throws('closeVirtualAccount', 'PG_PROVIDER', payment.closeVirtualAccount({ paymentId: stubborn }))
    const account = await paid(store, { method: virtualAccount() })
    await store.api.call('depositSandboxPayment', { path: { paymentId: account }, body: {} })
    await throws('cancelPayment', 'INVALID_REQUEST', payment.cancelPayment({ paymentId: account, reason }))
    await payment.cancelPayment({ paymentId: account, reason, refundAccount })

    const resend = (webhookId?: string) =>
      payment.resendWebhook({ paymentId, ...(webhookId === undefined ? {} : { webhookId }) })
    await throws('resendWebhook', 'WEBHOOK_NOT_FOUND', resend('no-such-webhook'))
    for (let count = 0; count < 10; count++) await resend()
    await throws('resendWebhook', 'MAX_WEBHOOK_RETRY_COUNT_REACHED', resend())
  })

  test('what follows a payment', async () => {
    const store = await storeAt(naru, 'INICIS_V2')
    const { payment } = store.portone
    const under = (code: string) => paid(store, { isEscrow: true, customer: { id: `sbx-${code}` } })
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
