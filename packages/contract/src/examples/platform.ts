import type { Example } from './example.ts'

const query = { test: true }
const appliedAt = '2099-01-01T00:00:00+09:00'
const page = { number: 0, size: 10 }

/** Ten percent of every order, paid out the day after. */
const contract = {
  id: 'contract-1',
  name: '기본 계약',
  platformFee: { fixedRate: 10_000 },
  settlementCycle: { lagDays: 1, datePolicy: 'CALENDAR_DAY', method: { daily: {} } },
  platformFeeVatPayer: 'PARTNER',
  subtractPaymentVatAmount: false,
}
const feePolicy = { id: 'fee-1', name: '배송비', fee: { fixedAmount: 300 }, vatPayer: 'PARTNER' }
const discountPolicy = { id: 'discount-1', name: '쿠폰', partnerShareRate: 50_000 }
const partner = {
  id: 'partner-1',
  name: '포트상회',
  contact: { name: '홍길동', email: 'partner@example.com' },
  account: { bank: 'KOOKMIN', currency: 'KRW', number: '12345678901', holder: '홍길동' },
  defaultContractId: 'contract-1',
  tags: ['서울'],
  type: {
    business: {
      companyName: '포트상회',
      taxationType: 'NORMAL',
      businessRegistrationNumber: '1010000002',
      representativeName: '홍길동',
    },
  },
}

/** The seven operations on one thing, and the four on its schedule. */
const ofContract = { path: { id: 'contract-1' }, query, after: ['createPlatformContract'] }
const ofFee = { path: { id: 'fee-1' }, query, after: ['createPlatformAdditionalFeePolicy'] }
const ofDiscount = { path: { id: 'discount-1' }, query, after: ['createPlatformDiscountSharePolicy'] }
const ofPartner = { path: { id: 'partner-1' }, query, after: ['createPlatformContract', 'createPlatformPartner'] }
const rename = { update: { name: '새 이름' }, appliedAt }
const following = <Before extends Example>(before: Before, ...after: string[]) => ({
  ...before,
  after: [...(before.after ?? []), ...after],
})
const orderTransfer = {
  partnerId: 'partner-1',
  paymentId: 'order-1',
  orderDetail: { orderAmount: 4500 },
  discounts: [],
  additionalFees: [],
  isForTest: true,
}
const manual = { partnerId: 'partner-1', settlementAmount: 3000, settlementDate: '2026-01-20', isForTest: true }

/** Partner settlement, on the platform for tests. */
export const platformExamples = {
  getPlatform: { query },
  updatePlatform: { query, body: { roundType: 'DOWN' } },
  getPlatformSetting: { query },
  updatePlatformSetting: { query, body: { defaultDepositMemo: '나루 정산' } },
  getPlatformContracts: { query, body: { page } },
  createPlatformContract: { query, body: contract },
  getPlatformContract: ofContract,
  updatePlatformContract: { ...ofContract, body: { name: '새 계약' } },
  archivePlatformContract: ofContract,
  recoverPlatformContract: following(ofContract, 'archivePlatformContract'),
  getPlatformContractSchedule: following(ofContract, 'scheduleContract'),
  scheduleContract: { ...ofContract, body: rename },
  rescheduleContract: { ...following(ofContract, 'scheduleContract'), body: rename },
  cancelPlatformContractSchedule: following(ofContract, 'scheduleContract'),
  getPlatformAdditionalFeePolicies: { query, body: { page } },
  createPlatformAdditionalFeePolicy: { query, body: feePolicy },
  getPlatformAdditionalFeePolicy: ofFee,
  updatePlatformAdditionalFeePolicy: { ...ofFee, body: { name: '새 배송비' } },
  archivePlatformAdditionalFeePolicy: ofFee,
  recoverPlatformAdditionalFeePolicy: following(ofFee, 'archivePlatformAdditionalFeePolicy'),
  getPlatformAdditionalFeePolicySchedule: following(ofFee, 'scheduleAdditionalFeePolicy'),
  scheduleAdditionalFeePolicy: { ...ofFee, body: rename },
  rescheduleAdditionalFeePolicy: { ...following(ofFee, 'scheduleAdditionalFeePolicy'), body: rename },
  cancelPlatformAdditionalFeePolicySchedule: following(ofFee, 'scheduleAdditionalFeePolicy'),
  getPlatformDiscountSharePolicies: { query, body: { page } },
  createPlatformDiscountSharePolicy: { query, body: discountPolicy },
  getPlatformDiscountSharePolicy: ofDiscount,
  updatePlatformDiscountSharePolicy: { ...ofDiscount, body: { name: '새 쿠폰' } },
  archivePlatformDiscountSharePolicy: ofDiscount,
  recoverPlatformDiscountSharePolicy: following(ofDiscount, 'archivePlatformDiscountSharePolicy'),
  getPlatformDiscountSharePolicySchedule: following(ofDiscount, 'scheduleDiscountSharePolicy'),
  scheduleDiscountSharePolicy: { ...ofDiscount, body: rename },
  rescheduleDiscountSharePolicy: { ...following(ofDiscount, 'scheduleDiscountSharePolicy'), body: rename },
  cancelPlatformDiscountSharePolicySchedule: following(ofDiscount, 'scheduleDiscountSharePolicy'),
  getPlatformDiscountSharePolicyFilterOptions: { query },
  getPlatformPartners: { query, body: { page } },
  createPlatformPartner: { query, body: partner, after: ['createPlatformContract'] },
  createPlatformPartners: {
    query,
    body: { partners: [{ ...partner, id: 'partner-2' }] },
    after: ['createPlatformContract'],
  },
  getPlatformPartner: ofPartner,
  updatePlatformPartner: { ...ofPartner, body: { name: '새 상회' } },
  archivePlatformPartner: ofPartner,
  recoverPlatformPartner: following(ofPartner, 'archivePlatformPartner'),
  getPlatformPartnerFilterOptions: { query },
  schedulePlatformPartners: { query, after: ofPartner.after, body: rename },
  getPlatformPartnerSchedule: following(ofPartner, 'schedulePartner'),
  schedulePartner: { ...ofPartner, body: rename },
  reschedulePartner: { ...following(ofPartner, 'schedulePartner'), body: rename },
  cancelPlatformPartnerSchedule: following(ofPartner, 'schedulePartner'),
  connectPartnerCounterparty: ofPartner,
  disconnectPartnerCounterparty: following(ofPartner, 'connectPartnerCounterparty', 'advanceSandboxClock'),
  connectBulkPartnerCounterparty: { query, after: ofPartner.after, body: {} },
  disconnectBulkPartnerCounterparty: {
    query,
    after: [...ofPartner.after, 'connectPartnerCounterparty', 'advanceSandboxClock'],
    body: {},
  },
  connectPartnerMemberCompany: ofPartner,
  disconnectPartnerMemberCompany: following(ofPartner, 'connectPartnerMemberCompany', 'advanceSandboxClock'),
  connectBulkPartnerMemberCompany: { query, after: ofPartner.after, body: {} },
  disconnectBulkPartnerMemberCompany: {
    query,
    after: [...ofPartner.after, 'connectPartnerMemberCompany', 'advanceSandboxClock'],
    body: {},
  },
  getPlatformAccountHolder: { path: { bank: 'KOOKMIN', accountNumber: '12345678901' }, query },
  getPlatformCompanyState: { path: { businessRegistrationNumber: '1010000002' }, query },
  getB2bBusinessInfos: { query, body: { brnList: ['1010000002', '1010000088'] } },
  getPlatformTransferSummaries: { query, body: { page } },
  downloadPlatformTransferSheet: { query, body: {} },
  getPlatformTransfer: { path: { id: '{{createPlatformManualTransfer.transfer.id}}' }, query },
  deletePlatformTransfer: { path: { id: '{{createPlatformManualTransfer.transfer.id}}' }, query },
  createPlatformOrderTransfer: { query, after: [...ofPartner.after, 'payInstantly'], body: orderTransfer },
  createPlatformOrderCancelTransfer: {
    query,
    after: [...ofPartner.after, 'payInstantly', 'createPlatformOrderTransfer', 'cancelPayment'],
    body: {
      partnerId: 'partner-1',
      paymentId: 'order-1',
      cancellationId: '{{cancelPayment.cancellation.id}}',
      orderDetail: { orderAmount: 1000 },
      discounts: [],
      isForTest: true,
    },
  },
  createPlatformManualTransfer: { query, after: ofPartner.after, body: manual },
  getPlatformPartnerSettlements: { query, body: { page, filter: {}, isForTest: true } },
  deletePlatformPartnerSettlements: {
    query,
    after: ['createPlatformManualTransfer'],
    body: { partnerSettlementIds: ['{{getPlatformPartnerSettlements.items.0.id}}'] },
  },
  getPlatformPayouts: { query, body: { page } },
  getPlatformBulkPayouts: { query, body: { page } },
  completePlatformPayoutByPartnerSettlementIds: {
    query,
    after: ['createPlatformManualTransfer'],
    body: {
      bulkPayoutId: 'bulk-payout-1',
      partnerSettlementIds: ['{{getPlatformPartnerSettlements.items.0.id}}'],
      isForTest: true,
    },
  },
  getPlatformAccountTransfers: { query, body: { page } },
  getPlatformBulkAccountTransfers: { query, body: { page } },
} as const satisfies Record<string, Example>
