import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { storeAt } from './support/channels.ts'
import { startNaru } from './support/naru.ts'
import { requestFor } from './support/provoke-verifying.ts'
import { pathsOf, recording, type Succeeded } from './support/recording.ts'
import { card, newPaymentId, type Order, order, receiptFor, virtualAccount } from './support/requests.ts'
import { recogniseAnswers } from './support/sdk-types.ts'

const reason = 'changed my mind'
const timeToPay = '2099-01-01T00:00:00Z'
const logistics = { company: 'CJ', invoiceNumber: '1', sentAt: '2026-01-02T03:04:05Z' } as const
const dateRange = { from: '2026-01-01', until: '2026-01-31' }
const charge = { orderName: 'A month', amount: { total: 9_900 }, currency: 'KRW' } as const

describe('the published SDK', async () => {
  const naru = await startNaru()
  const answers = recogniseAnswers()

  test('each of its methods for the payment side succeeds against this server, with an answer that it recognises', async () => {
    const store = await naru.newStore()
    const { channelKey, manualChannelKey, api, portone } = store
    const wanted = { payment: portone.payment, identityVerification: portone.identityVerification }
    const rest = { pgSpecific: portone.pgSpecific, reconciliation: portone.reconciliation }
    const all = new Set(pathsOf({ ...wanted, ...rest }, 'portone'))
    const done = new Set<string>()
    const succeeded: Succeeded = (path, method, answer) => {
      done.add(path)
      answers.check(method, answer)
    }
    const sdk = recording(portone, 'portone', succeeded)
    const { payment } = sdk
    const pay = async (given: Order = {}, key = channelKey): Promise<string> => {
      const paymentId = newPaymentId()
      await payment.payInstantly({ paymentId, ...order(key, given) })
      return paymentId
    }

    await payment.preRegisterPayment({ paymentId: newPaymentId(), totalAmount: 10_000 })
    const authenticated = newPaymentId()
    const opened = await api.call('authenticateSandboxPayment', {
      path: { paymentId: authenticated },
      body: order(channelKey),
    })
    await payment.confirmPayment({ paymentId: authenticated, paymentToken: opened.paymentToken })
    const captured = await pay({}, manualChannelKey)
    await payment.capturePayment({ paymentId: captured })
    const pending = await pay({ customer: { id: 'sbx-cancel-pending-86400' } })
    const { cancellation } = await payment.cancelPayment({ paymentId: pending, reason })
    assert(cancellation.status === 'REQUESTED')
    await payment.stopPaymentCancellation({ paymentId: pending, cancellationId: cancellation.id })
    await payment.closeVirtualAccount({ paymentId: await pay({ method: virtualAccount() }) })
    await payment.resendWebhook({ paymentId: captured })
    const shipped = await pay({ isEscrow: true })
    await payment.applyEscrowLogistics({ paymentId: shipped, logistics })
    await payment.modifyEscrowLogistics({ paymentId: shipped, logistics })
    await payment.confirmEscrow({ paymentId: shipped })
    const item = {
      storeBusinessRegistrationNumber: '1234567890',
      storeName: 'A shop',
      totalAmount: 10_000,
      taxFreeAmount: 0,
      vatAmount: 909,
      supplyAmount: 9_091,
      currency: 'KRW' as const,
    }
    await payment.getPayment({ paymentId: captured })
    await payment.getPaymentTransactions({ paymentId: captured })
    await payment.getPayments()
    await payment.getAllPaymentsByCursor()
    await payment.getAllPaymentEventsByCursor()

    const { billingKey: keys, paymentSchedule: schedules, cashReceipt: receipts } = payment
    const { billingKeyInfo } = await keys.issueBillingKey({ channelKey, method: card() })
    const { billingKey } = billingKeyInfo
    await payment.payWithBillingKey({ paymentId: newPaymentId(), billingKey, ...charge })
    const show = (more: object = {}) =>
      api.call('authenticateSandboxBillingKey', { body: { channelKey, method: card(), ...more } })
    await keys.confirmBillingKey({ billingIssueToken: (await show()).billingIssueToken })
    const first = await show({ payment: { paymentId: newPaymentId(), ...charge } })
    await keys.confirmBillingKeyIssueAndPay({ billingIssueToken: first.billingIssueToken })
    await keys.getBillingKeyInfo({ billingKey })
    await keys.getBillingKeyInfos()
    const scheduled = { paymentId: newPaymentId(), payment: { billingKey, ...charge }, timeToPay }
    const { schedule } = await schedules.createPaymentSchedule(scheduled)
    await schedules.getPaymentSchedule({ paymentScheduleId: schedule.id })
    await schedules.getPaymentSchedules()
    await schedules.revokePaymentSchedules({ scheduleIds: [schedule.id] })
    await keys.deleteBillingKey({ billingKey })

    const bought = newPaymentId()
    await receipts.issueCashReceipt(receiptFor(channelKey, bought))
    await receipts.getCashReceiptByPaymentId({ paymentId: bought })
    await receipts.getCashReceipts()
    await receipts.cancelCashReceiptByPaymentId({ paymentId: bought })

    const promotion = await api.call('createSandboxPromotion', {
      body: {
        name: 'Spring',
        discountPolicy: { partitions: [{ amountFrom: 1, scheme: { type: 'AMOUNT', amount: 1_000 } }] },
        totalBudget: 100_000,
        endAt: timeToPay,
        cardCompany: 'SHINHAN_CARD',
      },
    })
    await payment.promotion.getPromotion({ promotionId: promotion.id })

    const { identityVerification: identities } = sdk
    const identityVerificationId = 'verification'
    await identities.sendIdentityVerification(requestFor(channelKey, identityVerificationId))
    await identities.resendIdentityVerification({ identityVerificationId })
    await identities.confirmIdentityVerification({ identityVerificationId, otp: '000000' })
    await identities.getIdentityVerification({ identityVerificationId })
    await identities.getIdentityVerifications()

    await sdk.reconciliation.getPaymentReconciliationSettlementVatReport({ dateRange })
    await sdk.reconciliation.getPaymentReconciliationTransactionVatReport({ dateRange })

    const inicis = await storeAt(naru, 'INICIS_V2')
    const atInicis = recording(inicis.portone, 'portone', succeeded)
    const registered = newPaymentId()
    await atInicis.payment.payInstantly({ paymentId: registered, ...order(inicis.channelKey) })
    await atInicis.payment.registerStoreReceipt({ paymentId: registered, items: [item] })
    const kcp = await storeAt(naru, 'KCP_V2')
    const atKcp = recording(kcp.portone, 'portone', succeeded)
    await atKcp.payment.additionalFeature.getPgCardPromotions({ channelKey: kcp.channelKey, amount: 60_000 })
    const kakao = await storeAt(naru, 'KAKAOPAY')
    const atKakao = recording(kakao.portone, 'portone', succeeded)
    const paymentId = newPaymentId()
    await atKakao.payment.payInstantly({ paymentId, ...order(kakao.channelKey) })
    const paid = await atKakao.payment.getPayment({ paymentId })
    assert(paid.status === 'PAID')
    const found = { pgTxId: String(paid.pgTxId), channelKey: kakao.channelKey }
    await atKakao.pgSpecific.getKakaopayPaymentOrder(found)

    assert.equal(all.size, 42)
    assert.deepEqual(
      [...all].filter((method) => !done.has(method)),
      [],
    )
  })
})
