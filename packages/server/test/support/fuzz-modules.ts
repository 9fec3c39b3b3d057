import { setProfile } from '../../src/checkout/sessions/profile.ts'
import { addDays, dayOf } from '../../src/kernel/days.ts'
import { type Books, type Fragment, farAhead, times } from './fuzz-books.ts'
import type { TestNaru, TestStore } from './naru.ts'
import { requestFor } from './provoke-verifying.ts'
import { card, monthly, newPaymentId, receiptFor } from './requests.ts'

const newOrder = () => ({ paymentId: newPaymentId('fuzzed') })

export const billingKeysOf = async ({ api, channelKey }: TestStore): Promise<Books> => {
  const stored = { channelKey, method: card() }
  const issue = async () => (await api.call('issueBillingKey', { body: stored })).billingKeyInfo.billingKey
  const show = async (more: object = {}): Promise<Fragment> => {
    const { billingIssueToken } = await api.call('authenticateSandboxBillingKey', { body: { ...stored, ...more } })
    return { body: { billingIssueToken } }
  }
  const first = await issue()
  const charge = monthly(first)
  const { billingKey: _, ...firstPayment } = charge
  const schedule = { payment: charge, timeToPay: farAhead }
  const scheduled = await times(
    6,
    async () => (await api.call('createPaymentSchedule', { path: newOrder(), body: schedule })).schedule.id,
  )
  return {
    known: {
      billingKey: [first, ...(await times(4, issue))],
      paymentScheduleId: scheduled,
      payment: [charge],
    },
    together: {
      issueBillingKey: [{ body: stored }],
      authenticateSandboxBillingKey: [
        { body: stored },
        { body: { ...stored, payment: { ...firstPayment, ...newOrder() } } },
      ],
      confirmBillingKey: await times(6, () => show()),
      confirmBillingKeyIssueAndPay: await times(6, () => show({ payment: { ...firstPayment, ...newOrder() } })),
      deleteBillingKey: await times(3, async () => ({ path: { billingKey: await issue() } })),
      payWithBillingKey: Array.from({ length: 4 }, () => ({ path: newOrder(), body: charge })),
      createPaymentSchedule: Array.from({ length: 4 }, () => ({ path: newOrder(), body: schedule })),
      revokePaymentSchedules: scheduled.map((id) => ({ body: { scheduleIds: [id] } })),
    },
  }
}

export const receiptsOf = async ({ api, channelKey }: TestStore): Promise<Books> => {
  const next = () => receiptFor(channelKey, newPaymentId('fuzzed'))
  const receipts = await times(6, async () => {
    const body = next()
    await api.call('issueCashReceipt', { body })
    return { path: { paymentId: body.paymentId } }
  })
  const wanted = Array.from({ length: 4 }, () => ({ body: next() }))
  return {
    together: {
      issueCashReceipt: wanted,
      getCashReceiptByPaymentId: receipts,
      cancelCashReceiptByPaymentId: receipts,
    },
  }
}

export const promotionsOf = async ({ api }: TestStore): Promise<Books> => {
  const discountPolicy = { partitions: [{ amountFrom: 1, scheme: { type: 'AMOUNT' as const, amount: 10 } }] }
  const terms = { name: 'Spring', totalBudget: 1_000_000, cardCompany: 'SHINHAN_CARD' as const, endAt: farAhead }
  const body = { ...terms, discountPolicy }
  const create = async () => (await api.call('createSandboxPromotion', { body })).id
  return {
    known: { promotionId: await times(4, create), discountPolicy: [discountPolicy] },
    together: {
      createSandboxPromotion: [{ body }],
      editSandboxPromotion: [{ body: { name: 'Summer' } }],
    },
  }
}

export const verificationsOf = async ({ api, channelKey }: TestStore): Promise<Books> => {
  const next = () => {
    const { identityVerificationId, ...body } = requestFor(channelKey, newPaymentId('verification'))
    return { path: { identityVerificationId }, body }
  }
  const sent = await times(6, async () => {
    const request = next()
    await api.call('sendIdentityVerification', request)
    return { path: request.path }
  })
  const opened = await times(4, async () => {
    const { path } = next()
    await api.call('openSandboxIdentityVerification', { path, body: { channelKey } })
    return { path }
  })
  return {
    known: { identityVerificationId: [...sent, ...opened].map(({ path }) => path.identityVerificationId) },
    together: {
      sendIdentityVerification: Array.from({ length: 4 }, next),
      resendIdentityVerification: sent,
      confirmIdentityVerification: sent,
      openSandboxIdentityVerification: Array.from({ length: 3 }, () => ({ path: next().path })),
      approveSandboxIdentityVerification: opened,
    },
  }
}

export const filesOf = async (store: TestStore): Promise<Books> => {
  const today = dayOf(await store.now())
  const days = { from: today, until: addDays(today, 3) }
  const fileOf = async (kind: 'TRANSACTION' | 'SETTLEMENT') => {
    const file = { channelKey: store.channelKey, kind, ...days }
    const { csv } = await store.api.call('produceSandboxReconciliationFile', { body: file })
    await store.api.call('importSandboxReconciliationFile', { body: { ...file, csv } })
    return { ...file, csv }
  }
  const files = [await fileOf('TRANSACTION'), await fileOf('SETTLEMENT')]
  return {
    known: { csv: files.map(({ csv }) => csv), dateRange: [days], from: [days.from], until: [days.until] },
    together: {
      produceSandboxReconciliationFile: files.map(({ csv: _, ...body }) => ({ body })),
      importSandboxReconciliationFile: files.map((body) => ({ body })),
      getSandboxReconciliation: files.map(({ csv: _, ...query }) => ({ query })),
    },
  }
}

/** For calls that nobody makes: a script must not decide what the other operations answer. */
export const scriptsOf = async ({ api }: TestStore): Promise<Books> => {
  const body = { match: { operation: 'CAPTURE' as const, paymentId: 'of nobody' }, steps: ['maintenance', 'approve'] }
  const scripts = await times(3, async () => ({
    path: { scriptId: (await api.call('createSandboxScript', { body })).id },
  }))
  return { together: { createSandboxScript: [{ body }], deleteSandboxScript: scripts } }
}

export const sessionsOf = async (naru: TestNaru, { api, storeId, channelKey }: TestStore): Promise<Books> => {
  const profileKey = `profile-${storeId}`
  const entries = [{ paymentMethod: 'CARD_KR' as const, channelKey }]
  await setProfile(naru.database.sql, { storeId, profileKey, name: 'Profile', isForTest: true, entries })
  const [country, currency] = ['KR', 'KRW'] as const
  const next = () => ({
    ...newOrder(),
    ...{ storeId, profileKey, country, currency, totalAmount: 10_000, orderName: 'An order' },
  })
  const open = async () => (await api.call('createPaymentSession', { body: next() })).sessionId
  const query = { profileKey, country, currency, amount: 10_000 }
  return {
    known: { profileKey: [profileKey], sessionId: await times(3, open) },
    together: {
      createPaymentSession: Array.from({ length: 4 }, () => ({ body: next() })),
      closePaymentSession: await times(3, async () => ({ path: { sessionId: await open() } })),
      evaluateCheckoutProfile: [{ query }],
    },
  }
}
