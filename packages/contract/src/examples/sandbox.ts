import type { Example } from './example.ts'

const channelKey = '{{channelKey}}'
const card = { credential: { number: '4242424242424242', expiryYear: '40', expiryMonth: '12' } }
const order = { channelKey, orderName: '커피 한 잔', amount: { total: 4500 }, currency: 'KRW' }
const ofCard = { path: { paymentId: 'order-1' }, after: ['payInstantly'] }
const ofAccount = { path: { paymentId: 'account-1' }, after: ['payInstantly/virtualAccount'] }
const file = { channelKey, kind: 'TRANSACTION', from: '2026-01-01', until: '2026-01-31' }
const identityVerificationId = 'verification-2'
const ofPromotion = { path: { promotionId: '{{createSandboxPromotion.id}}' } }
/** The sandbox's own operations. */
export const sandboxExamples = {
  createSandboxStore: { body: { name: '테스트 상점' } },
  resetSandboxStore: { body: {} },
  getSandboxClock: {},
  advanceSandboxClock: { body: { days: 1 } },
  stopSandboxClock: { body: {} },
  startSandboxClock: { body: {} },
  depositSandboxPayment: { ...ofAccount, body: {} },
  authenticateSandboxPayment: { path: { paymentId: 'window-1' }, body: { ...order, method: { card } } },
  resolveSandboxPayment: {
    path: { paymentId: 'doubtful-1' },
    after: ['payInstantly/doubtful'],
    body: { as: 'APPROVED' },
  },
  approveSandboxPayment: { path: { paymentId: 'declined-1' }, after: ['payInstantly/declined'], body: {} },
  expireSandboxPayment: { ...ofAccount, body: {} },
  reverseSandboxPayment: { ...ofAccount, after: [...ofAccount.after, 'depositSandboxPayment'], body: {} },
  disputeSandboxPayment: { ...ofCard, body: { as: 'OPEN' } },
  progressSandboxEscrow: {
    path: { paymentId: 'escrow-1' },
    after: ['payInstantly/escrow', 'applyEscrowLogistics'],
    body: { status: 'DELIVERED' },
  },
  authenticateSandboxBillingKey: {
    body: { channelKey, method: { card } },
    title: { en: 'A card', ko: '카드' },
    variants: {
      withPayment: {
        title: { en: 'With a first payment', ko: '첫 결제와 함께' },
        body: {
          channelKey,
          method: { card },
          payment: {
            paymentId: 'first-month',
            orderName: '월간 구독',
            amount: { total: 9900 },
            currency: 'KRW',
          },
        },
      },
    },
  },
  renewSandboxBillingKey: {
    path: { billingKey: '{{issueBillingKey.billingKeyInfo.billingKey}}' },
    body: { card: { credential: { ...card.credential, expiryYear: '45' } } },
  },
  openSandboxIdentityVerification: { path: { identityVerificationId }, body: { channelKey } },
  approveSandboxIdentityVerification: {
    path: { identityVerificationId },
    after: ['openSandboxIdentityVerification'],
    body: {},
  },
  produceSandboxReconciliationFile: { body: file },
  importSandboxReconciliationFile: { body: { ...file, csv: '{{produceSandboxReconciliationFile.csv}}' } },
  getSandboxReconciliation: { query: file },
  getSandboxLedger: {},
  deliverSandboxNotification: {
    path: { notificationId: '{{getSandboxLedger.items.0.notifications.0.id}}' },
    after: ['payInstantly/lateNotice'],
    body: {},
  },
  createSandboxScript: {
    body: { match: { operation: 'CHARGE_BILLING_KEY' }, steps: ['approve', 'decline-insufficient'] },
    title: { en: 'A second charge that is declined', ko: '두 번째 결제 거절' },
    variants: {
      doubt: {
        title: { en: 'A result that stays unknown', ko: '승인 여부가 계속 확정되지 않는 결제' },
        body: { match: { operation: 'APPROVE', paymentId: 'doubtful-1' }, steps: ['doubt-forever'] },
      },
    },
  },
  listSandboxScripts: {},
  deleteSandboxScript: { path: { scriptId: '{{createSandboxScript.id}}' } },
  getSandboxPlatformDefinitions: { query: { test: true } },
  setSandboxPlatformDefinitions: {
    query: { test: true },
    body: {
      formulas: { platformFee: { formula: '(ORDER_AMOUNT * FIXED_RATE) + FIXED_AMOUNT', roundType: 'OFF' } },
      userDefinedFormulas: [{ key: 'reserve', formula: 'ORDER_AMOUNT * RESERVE_RATE', roundType: 'DOWN' }],
      parameters: [{ key: 'RESERVE_RATE', name: '적립률', defaultValue: { decimal: 5, decimalScale: 2 } }],
      properties: [{ key: 'region', name: '지역', objectType: 'PARTNER', isSecret: false }],
    },
  },
  createSandboxPromotion: {
    body: {
      name: '봄맞이 할인',
      discountPolicy: { partitions: [{ amountFrom: 1, scheme: { type: 'AMOUNT', amount: 1000 } }] },
      totalBudget: 100_000,
      endAt: '2099-12-31T23:59:59+09:00',
      cardCompany: 'SHINHAN_CARD',
    },
  },
  listSandboxPromotions: {},
  editSandboxPromotion: { ...ofPromotion, body: { name: '여름 할인' } },
  pauseSandboxPromotion: { ...ofPromotion, body: {} },
  resumeSandboxPromotion: { ...ofPromotion, after: ['createSandboxPromotion', 'pauseSandboxPromotion'], body: {} },
  terminateSandboxPromotion: { ...ofPromotion, body: {} },
} as const satisfies Record<string, Example>
