import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { SandboxEscrowStatus } from '@naru/contract'
import { refuses } from './support/api.ts'
import { startNaru } from './support/naru.ts'
import { requestFor } from './support/provoke-verifying.ts'
import { card, monthly, newPaymentId, type Order, order, receiptFor, virtualAccount } from './support/requests.ts'
import { recogniseAnswers } from './support/sdk-types.ts'

const reason = 'changed my mind'
const logistics = { company: 'CJ', invoiceNumber: '1', sentAt: '2026-01-02T03:04:05Z' } as const

/** By the SDK's names, what no answer of this server has, and why. */
const impossible: Readonly<Record<string, readonly string[]>> = {
  Payment: [],
  PaymentTransaction: [],
  PaymentEvent: [],
  PaymentCancellation: [],
  PaymentCashReceipt: [],
  PaymentEscrow: [],
  DisputeStatus: [],
  BillingKeyInfo: [],
  CashReceipt: [],
  IdentityVerification: [],
  Promotion: [],
  PromotionStatus: [],
  PromotionDiscountScheme: [],
  PromotionRecoverOption: [],
  PromotionSpareBudget: [],
  PaymentWebhookStatus: [],
  PaymentSchedule: [],
  // A refused cancellation is not announced: PortOne documents no webhook of it.
  PaymentWebhookTrigger: ['ASYNC_CANCEL_FAILED'],
  // The sandbox PG takes none of these.
  PaymentMethod: [
    'PaymentMethodConvenienceStore',
    'PaymentMethodCrypto',
    'PaymentMethodGiftCertificate',
    'PaymentMethodMobile',
  ],
  BillingKeyPaymentMethod: ['BillingKeyPaymentMethodMobile', 'BillingKeyPaymentMethodPaypal'],
}

describe('the variants of answers', async () => {
  const naru = await startNaru()
  const answers = recogniseAnswers()
  let receiver: 'well' | 'unwell' | 'down' = 'well'
  const store = await naru.newStore({
    answer: (_request, response) =>
      receiver === 'down' ? response.destroy() : response.writeHead(receiver === 'well' ? 200 : 500).end(),
  })
  const { portone, api, channelKey } = store
  const { payment } = portone
  await api.call('stopSandboxClock')

  const pay = async (wanted: Order = {}): Promise<string> => {
    const paymentId = newPaymentId()
    await payment.payInstantly({ paymentId, ...order(channelKey, wanted) })
    return paymentId
  }
  const readPayments = async () => {
    answers.check('getPayments', await payment.getPayments({ page: { number: 0, size: 100 } }))
    const { items } = await payment.getAllPaymentsByCursor({ size: 100 })
    for (const { payment: found } of items)
      if ('id' in found) {
        answers.check('getPayment', await payment.getPayment({ paymentId: found.id }))
        const transactions = await payment.getPaymentTransactions({ paymentId: found.id })
        answers.check('getPaymentTransactions', transactions)
      }
  }
  const issue = async (method: object = card()) => {
    const { billingIssueToken } = await api.call('authenticateSandboxBillingKey', { body: { channelKey, method } })
    return (await payment.billingKey.confirmBillingKey({ billingIssueToken })).billingKey
  }

  test('an answer with one that the SDK does not declare would be noticed', () => {
    assert.throws(() => recogniseAnswers().check('getPayment', { status: 'SETTLED' }), /is a Payment that the SDK/)
    const currency = { status: 'READY', currency: 'Won' }
    assert.throws(() => recogniseAnswers().check('getPayment', currency), /getPayment.currency is a Currency that/)
  })

  test('of payments, their escrow, disputes, cancellations, webhooks and events', async () => {
    const path = { paymentId: newPaymentId() }
    await api.call('authenticateSandboxPayment', { path, body: order(channelKey) })
    await refuses(pay({ method: card('4000000000000002') }), 'PG_PROVIDER', 'SBX_DECLINED')
    for (const total of [990_008, 990_009]) await pay({ total })
    const account = await pay({ method: virtualAccount() })
    await pay({ method: virtualAccount() })
    await api.call('depositSandboxPayment', { path: { paymentId: account }, body: {} })
    const partly = await pay()
    await payment.cancelPayment({ paymentId: partly, reason, amount: 1_000 })
    await payment.cancelPayment({ paymentId: await pay(), reason })
    await refuses(
      payment.cancelPayment({ paymentId: await pay({ total: 990_030 }), reason }),
      'PG_PROVIDER',
      'SBX_CANCEL_REFUSED',
    )
    for (const id of ['sbx-cancel-pending-10', 'sbx-cancel-pending-9999999'])
      await payment.cancelPayment({ paymentId: await pay({ customer: { id } }), reason })
    const disputed = [await pay(), await pay()]
    for (const paymentId of disputed)
      await api.call('disputeSandboxPayment', { path: { paymentId }, body: { as: 'OPEN' } })
    await api.call('disputeSandboxPayment', { path: { paymentId: String(disputed[0]) }, body: { as: 'WON' } })
    const said: readonly (readonly SandboxEscrowStatus[])[] = [
      [],
      ['DELIVERED'],
      ['CONFIRMED'],
      ['REJECTED'],
      ['DELIVERED', 'REJECTED', 'REJECT_CONFIRMED'],
    ]
    for (const statuses of said) {
      const paymentId = await pay({ isEscrow: true })
      await payment.applyEscrowLogistics({ paymentId, logistics })
      for (const status of statuses) await api.call('progressSandboxEscrow', { path: { paymentId }, body: { status } })
    }
    const returned = await pay({ isEscrow: true })
    await payment.applyEscrowLogistics({ paymentId: returned, logistics })
    await payment.cancelPayment({ paymentId: returned, reason })
    await pay({ isEscrow: true })
    await readPayments()
    await store.advance({ minutes: 1 })
    answers.check('resendWebhook', await payment.resendWebhook({ paymentId: partly }))
    for (const health of ['unwell', 'down'] as const) {
      receiver = health
      answers.check('resendWebhook', await payment.resendWebhook({ paymentId: account }))
    }
    receiver = 'well'
    await readPayments()
    answers.check('getAllPaymentEventsByCursor', await payment.getAllPaymentEventsByCursor({ size: 100 }))
  })

  test('of billing keys and schedules', async () => {
    const transfer = { bank: 'SHINHAN' as const, accountNumber: '110123456789' }
    const billingKey = await issue()
    for (const key of [await issue({ transfer }), await issue({ easyPay: { provider: 'KAKAOPAY' } })])
      await payment.payWithBillingKey({ paymentId: newPaymentId(), ...monthly(key) })
    await payment.billingKey.deleteBillingKey({ billingKey: await issue() })
    answers.check('getBillingKeyInfos', await payment.billingKey.getBillingKeyInfos())
    const { paymentSchedule } = payment
    const timeToPay = new Date((await store.now()) + 3_600_000).toISOString()
    const plan = async (code: string) => {
      const charge = { ...monthly(billingKey), customer: { id: `sbx-${code}` } }
      const made = await paymentSchedule.createPaymentSchedule({
        paymentId: newPaymentId(),
        payment: charge,
        timeToPay,
      })
      return made.schedule.id
    }
    const read = async (paymentScheduleId: string) =>
      answers.check('getPaymentSchedule', await paymentSchedule.getPaymentSchedule({ paymentScheduleId }))
    const codes = ['approve', 'decline', 'pending-paid-9999999', 'doubt-forever']
    const made = await Promise.all(codes.map(plan))
    const revoked = await plan('approve')
    await paymentSchedule.revokePaymentSchedules({ scheduleIds: [revoked] })
    await Promise.all([...made, revoked].map(read))
    await store.advance({ hours: 1 })
    await Promise.all(made.map(read))
    answers.check('getPaymentSchedules', await paymentSchedule.getPaymentSchedules())
    await readPayments()
  })

  test('of cash receipts', async () => {
    const { cashReceipt } = payment
    for (const total of [11_000, 12_000]) {
      const paymentId = newPaymentId()
      await cashReceipt.issueCashReceipt(receiptFor(channelKey, paymentId, total))
      if (total === 12_000) await cashReceipt.cancelCashReceiptByPaymentId({ paymentId })
    }
    const refused = receiptFor(channelKey, newPaymentId(), 990_001)
    await refuses(cashReceipt.issueCashReceipt(refused), 'PG_PROVIDER', 'SBX_DECLINED')
    const unissued = await cashReceipt.getCashReceiptByPaymentId({ paymentId: refused.paymentId })
    answers.check('getCashReceiptByPaymentId', unissued)
    answers.check('getCashReceipts', await cashReceipt.getCashReceipts())
    const receipt = { type: 'PERSONAL', customerIdentityNumber: '010-1234-5678' } as const
    const ofAccount = async () => {
      const { virtualAccount: account } = virtualAccount()
      const paymentId = await pay({ method: { virtualAccount: { ...account, cashReceipt: receipt } } })
      await api.call('depositSandboxPayment', { path: { paymentId }, body: {} })
      return paymentId
    }
    await ofAccount()
    const paymentId = await ofAccount()
    await store.advance({ minutes: 1 })
    await cashReceipt.cancelCashReceiptByPaymentId({ paymentId })
    await readPayments()
  })

  test('of promotions', async () => {
    const read = async (promotionId: string) =>
      answers.check('getPromotion', await payment.promotion.getPromotion({ promotionId }))
    const percent = { type: 'PERCENT' as const, percent: 10 }
    const amount = { type: 'AMOUNT' as const, amount: 1_000 }
    const later = new Date((await store.now()) + 60_000).toISOString()
    const create = async (wanted: object = {}, scheme: typeof percent | typeof amount = amount) => {
      const discountPolicy = { partitions: [{ amountFrom: 1, scheme }] }
      const common = { name: 'Spring', totalBudget: 100_000, cardCompany: 'SHINHAN_CARD' as const, discountPolicy }
      const made = await api.call('createSandboxPromotion', {
        body: { ...common, endAt: '2099-01-01T00:00:00Z', ...wanted },
      })
      await read(made.id)
      return made.id
    }
    await create({ recoverOption: { type: 'NO_RECOVER', spareBudget: percent } }, percent)
    await create({ startAt: later, recoverOption: { type: 'NO_RECOVER', spareBudget: amount } })
    const [paused, terminated, completed] = [await create(), await create(), await create({ endAt: later })]
    await api.call('pauseSandboxPromotion', { path: { promotionId: paused } })
    await api.call('terminateSandboxPromotion', { path: { promotionId: terminated } })
    const exhausted = await create({ totalBudget: 1_000 })
    await pay({ promotionId: exhausted })
    await store.advance({ minutes: 2 })
    for (const id of [paused, terminated, completed, exhausted]) await read(id)
  })

  test('of identity verifications', async () => {
    const { identityVerification: client } = portone
    for (const id of ['ready', 'verified', 'failed']) {
      const phone = id === 'failed' ? { phoneNumber: '010-0000-0001' } : {}
      await client.sendIdentityVerification(requestFor(channelKey, id, phone))
    }
    const confirm = (identityVerificationId: string, otp: string) =>
      client.confirmIdentityVerification({ identityVerificationId, otp })
    await confirm('verified', '000000')
    for (let count = 0; count < 3; count++) await confirm('failed', '000001').catch(() => undefined)
    answers.check('getIdentityVerifications', await client.getIdentityVerifications())
  })

  test('were all seen, but for what this server cannot answer', () => {
    const missing = Object.keys(impossible).map((type) => [type, answers.missing(type).toSorted()])
    assert.deepEqual(Object.fromEntries(missing), impossible)
  })
})
