import type { Example } from './example.ts'

const channelKey = '{{channelKey}}'
const amount = { total: 4500 }
const card = { credential: { number: '4242424242424242', expiryYear: '40', expiryMonth: '12' } }
const order = { channelKey, orderName: '커피 한 잔', amount, currency: 'KRW' }
const virtualAccount = {
  bank: 'SHINHAN',
  expiry: { validHours: 24 },
  option: { type: 'NORMAL' },
  remitteeName: '나루상점',
}
const paymentId = 'order-1'
const ofCard = { path: { paymentId }, after: ['payInstantly'] }
const ofAccount = { path: { paymentId: 'account-1' }, after: ['payInstantly/virtualAccount'] }
const ofEscrow = { path: { paymentId: 'escrow-1' }, after: ['payInstantly/escrow'] }
const noticeUrls = ['http://localhost:3000/webhook']
const logistics = { company: 'CJ', invoiceNumber: '123456789012', sentAt: '2026-01-02T09:00:00+09:00' }
const billingKey = '{{issueBillingKey.billingKeyInfo.billingKey}}'
const monthly = { orderName: '월간 구독', amount: { total: 9900 }, currency: 'KRW' }
const subscription = { billingKey, ...monthly }
const identityVerificationId = 'verification-1'
const dateRange = { from: '2026-01-01', until: '2026-01-31' }
const session = {
  storeId: '{{storeId}}',
  paymentId: 'session-1',
  profileKey: '{{profileKey}}',
  country: 'KR',
  currency: 'KRW',
  totalAmount: 4500,
  orderName: '커피 한 잔',
}
const needsProfile = 'A checkout profile: start the server with NARU_CHECKOUT_PROFILE_KEY.'
const needsPg = (name: string, option: string) =>
  `A channel made with: naru channel create "${name}" ${option} --store …`

/** Payments, and what belongs to them. */
export const paymentExamples = {
  loginViaApiSecret: { body: { apiSecret: '{{apiSecret}}' } },
  refreshToken: { body: { refreshToken: '{{loginViaApiSecret.refreshToken}}' } },
  getBankInfos: {},
  payInstantly: {
    path: { paymentId },
    body: { ...order, method: { card }, noticeUrls },
    title: { en: 'A card', ko: '카드' },
    variants: {
      virtualAccount: {
        title: { en: 'A virtual account', ko: '가상계좌' },
        path: { paymentId: 'account-1' },
        body: { ...order, method: { virtualAccount } },
      },
      escrow: {
        title: { en: 'Escrow', ko: '에스크로' },
        path: { paymentId: 'escrow-1' },
        body: { ...order, isEscrow: true, method: { card } },
      },
      slowRefund: {
        title: { en: 'A refund that completes later', ko: '늦게 완료되는 취소' },
        path: { paymentId: 'slow-refund-1' },
        body: { ...order, method: { card: { credential: { ...card.credential, number: '4000000000007726' } } } },
      },
      declined: {
        title: { en: 'A declined card', ko: '승인이 거절되는 카드' },
        path: { paymentId: 'declined-1' },
        body: { ...order, method: { card: { credential: { ...card.credential, number: '4000000000000002' } } } },
      },
      doubtful: {
        title: { en: 'A result that stays unknown', ko: '승인 여부가 계속 확정되지 않는 결제' },
        path: { paymentId: 'doubtful-1' },
        body: { ...order, method: { card } },
        after: ['createSandboxScript/doubt'],
        keepsWaiting: true,
      },
      lateNotice: {
        title: { en: 'A late notification', ko: '늦게 도착하는 PG 알림' },
        path: { paymentId: 'late-notice-1' },
        body: { ...order, amount: { total: 990_040 }, method: { card } },
      },
      manual: {
        title: { en: 'Manual capture', ko: '수동 매입' },
        path: { paymentId: 'manual-1' },
        body: { ...order, channelKey: '{{manualChannelKey}}', method: { card } },
      },
      inicis: {
        title: { en: 'KG Inicis', ko: 'KG이니시스' },
        path: { paymentId: 'inicis-1' },
        body: { ...order, channelKey: '{{inicisChannelKey}}', method: { card } },
      },
      kakaopay: {
        title: { en: 'KakaoPay', ko: '카카오페이' },
        path: { paymentId: 'kakaopay-1' },
        body: { ...order, channelKey: '{{kakaopayChannelKey}}', method: { card } },
      },
      paymentwall: {
        title: { en: 'Paymentwall', ko: '페이먼트월' },
        path: { paymentId: 'paymentwall-1' },
        body: { ...order, channelKey: '{{paymentwallChannelKey}}', method: { card } },
      },
    },
  },
  getPayment: {
    ...ofCard,
    variants: {
      paymentwall: {
        title: { en: 'Paymentwall', ko: '페이먼트월' },
        path: { paymentId: 'paymentwall-1' },
        after: ['payInstantly/paymentwall'],
      },
    },
  },
  getPayments: { body: { filter: { status: ['PAID'] }, page: { number: 0, size: 10 } } },
  getAllPaymentsByCursor: { body: { size: 10 } },
  getAllPaymentEventsByCursor: { body: { size: 10 } },
  getPaymentTransactions: ofCard,
  preRegisterPayment: { path: { paymentId: 'order-2' }, body: { totalAmount: 4500, currency: 'KRW' } },
  payWithBillingKey: { path: { paymentId: 'subscription-1-january' }, body: subscription },
  confirmPayment: {
    path: { paymentId: 'window-1' },
    body: { paymentToken: '{{authenticateSandboxPayment.paymentToken}}' },
  },
  capturePayment: {
    path: { paymentId: 'manual-1' },
    body: {},
    after: ['payInstantly/manual'],
    needs: needsPg('Capture by hand', '--manual-capture'),
  },
  cancelPayment: {
    ...ofCard,
    body: { reason: '단순 변심', amount: 1000 },
    title: { en: 'A partial refund', ko: '부분 취소' },
    variants: {
      slowRefund: {
        title: { en: 'A refund that completes later', ko: '늦게 완료되는 취소' },
        path: { paymentId: 'slow-refund-1' },
        after: ['payInstantly/slowRefund'],
        body: { reason: '단순 변심' },
      },
    },
  },
  stopPaymentCancellation: {
    path: { paymentId: 'slow-refund-1', cancellationId: '{{cancelPayment/slowRefund.cancellation.id}}' },
    body: {},
  },
  closeVirtualAccount: ofAccount,
  applyEscrowLogistics: { ...ofEscrow, body: { logistics } },
  modifyEscrowLogistics: { ...ofEscrow, after: [...ofEscrow.after, 'applyEscrowLogistics'], body: { logistics } },
  confirmEscrow: { ...ofEscrow, after: [...ofEscrow.after, 'applyEscrowLogistics'], body: {} },
  registerStoreReceipt: {
    path: { paymentId: 'inicis-1' },
    after: ['payInstantly/inicis'],
    needs: needsPg('KG Inicis', '--pg-provider INICIS_V2'),
    body: {
      items: [
        {
          storeBusinessRegistrationNumber: '1234567890',
          storeName: '나루상점',
          totalAmount: 4500,
          taxFreeAmount: 0,
          vatAmount: 409,
          supplyAmount: 4091,
          currency: 'KRW',
        },
      ],
    },
  },
  resendWebhook: { ...ofCard, body: {} },
  createPaymentSchedule: {
    path: { paymentId: 'subscription-1-february' },
    body: { payment: subscription, timeToPay: '2099-02-28T09:00:00+09:00' },
  },
  getPaymentSchedule: { path: { paymentScheduleId: '{{createPaymentSchedule.schedule.id}}' } },
  getPaymentSchedules: { body: { page: { number: 0, size: 10 } } },
  revokePaymentSchedules: { body: { scheduleIds: ['{{createPaymentSchedule.schedule.id}}'] } },
  getBillingKeyInfos: { body: { page: { number: 0, size: 10 } } },
  issueBillingKey: { body: { channelKey, method: { card }, customer: { id: 'customer-1' } } },
  confirmBillingKey: { body: { billingIssueToken: '{{authenticateSandboxBillingKey.billingIssueToken}}' } },
  confirmBillingKeyIssueAndPay: {
    body: { billingIssueToken: '{{authenticateSandboxBillingKey/withPayment.billingIssueToken}}' },
  },
  getBillingKeyInfo: { path: { billingKey } },
  deleteBillingKey: { path: { billingKey } },
  getCashReceipts: { body: { page: { number: 0, size: 10 } } },
  issueCashReceipt: {
    body: {
      paymentId: 'cash-1',
      ...order,
      type: 'PERSONAL',
      customer: { identityNumber: '010-1234-5678' },
    },
  },
  getCashReceiptByPaymentId: { path: { paymentId: 'cash-1' }, after: ['issueCashReceipt'] },
  cancelCashReceiptByPaymentId: { path: { paymentId: 'cash-1' }, after: ['issueCashReceipt'] },
  getPromotion: { path: { promotionId: '{{createSandboxPromotion.id}}' } },
  createPaymentSession: { body: session, needs: needsProfile },
  getPaymentSession: { path: { sessionId: '{{createPaymentSession.sessionId}}' }, needs: needsProfile },
  closePaymentSession: { path: { sessionId: '{{createPaymentSession.sessionId}}' }, needs: needsProfile },
  evaluateCheckoutProfile: {
    query: { profileKey: '{{profileKey}}', country: 'KR', currency: 'KRW', amount: 4500 },
    needs: needsProfile,
  },
  getPgCardPromotions: {
    query: { channelKey: '{{kcpChannelKey}}', amount: 60_000 },
    needs: needsPg('KCP', '--pg-provider KCP_V2'),
  },
  getIdentityVerifications: { body: { page: { number: 0, size: 10 } } },
  getIdentityVerification: { path: { identityVerificationId }, after: ['sendIdentityVerification'] },
  sendIdentityVerification: {
    path: { identityVerificationId },
    body: {
      channelKey,
      customer: { name: '홍길동', phoneNumber: '01012345678', identityNumber: '9001011', ipAddress: '127.0.0.1' },
      operator: 'SKT',
      method: 'SMS',
    },
  },
  resendIdentityVerification: { path: { identityVerificationId }, after: ['sendIdentityVerification'] },
  confirmIdentityVerification: {
    path: { identityVerificationId },
    after: ['sendIdentityVerification'],
    body: { otp: '000000' },
  },
  getKakaopayPaymentOrder: {
    query: { pgTxId: '{{payInstantly/kakaopay.payment.pgTxId}}', channelKey: '{{kakaopayChannelKey}}' },
    needs: needsPg('KakaoPay', '--pg-provider KAKAOPAY'),
  },
  confirmPaymentwallDelivery: {
    needs: needsPg('Paymentwall', '--pg-provider PAYMENTWALL'),
    after: ['payInstantly/paymentwall'],
    body: {
      transactionId: '{{getPayment/paymentwall.transactionId}}',
      deliveryType: 'DIGITAL',
      deliveryStatus: 'DELIVERED',
      estimatedDeliveryDatetime: '2026-01-02T03:04:05Z',
      estimatedUpdateDatetime: '2026-01-02T03:04:05Z',
      refundable: false,
      details: 'a licence key',
      shippingAddressEmail: 'buyer@example.com',
    },
  },
  getPaymentReconciliationSettlementVatReport: { body: { dateRange } },
  getPaymentReconciliationTransactionVatReport: { body: { dateRange } },
} as const satisfies Record<string, Example>
