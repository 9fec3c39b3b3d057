import type { OperationId } from '@naru/contract'
import { type Books, type Fragment, farAhead } from './fuzz-books.ts'
import type { TestStore } from './naru.ts'
import { businessType, contractBody, newContract, newPartner, newPlatformId, partnerBody } from './platform.ts'

/** Requests say `test` seldom, so that what they are about is on the live platform. */
const live = { test: false } as const

const schedules = { update: { memo: 'later' }, appliedAt: farAhead }

/** The operations on one partner, contract or policy, by what they are called. */
const operationsOn = (whole: string, short: string, id: string): Books['together'] => {
  const one: Fragment = { path: { id } }
  const change: Fragment = { path: { id }, body: { memo: 'changed' } }
  const schedule: Fragment = { path: { id }, body: schedules }
  const names: Readonly<Record<string, Fragment>> = {
    [`get${whole}`]: one,
    [`update${whole}`]: change,
    [`archive${whole}`]: one,
    [`recover${whole}`]: one,
    [`get${whole}Schedule`]: one,
    [`schedule${short}`]: schedule,
    [`reschedule${short}`]: schedule,
    [`cancel${whole}Schedule`]: one,
  }
  return Object.fromEntries(Object.entries(names).map(([name, fragment]) => [name, [fragment]]))
}

/** A seller with an order, and what can be done with both. */
export const platformOf = async (store: TestStore): Promise<Books> => {
  const { policy, transfer } = store.portone.platform
  const contractId = await newContract(store, live)
  const partnerId = await newPartner(store, { ...live, defaultContractId: contractId })
  const connectable = await newPartner(store, { ...live, defaultContractId: contractId })
  const { discountSharePolicy } = await policy.createPlatformDiscountSharePolicy({
    name: 'Half',
    partnerShareRate: 50_000,
  })
  const { additionalFeePolicy } = await policy.createPlatformAdditionalFeePolicy({
    name: 'Packing',
    fee: { fixedRate: 1_000 },
    vatPayer: 'PARTNER',
  })
  const externalPaymentDetail = { currency: 'KRW' } as const
  const order = async () => {
    const orderDetail = { orderAmount: 10_000 }
    const created = await transfer.createPlatformOrderTransfer({
      partnerId,
      paymentId: newPlatformId('order'),
      orderDetail,
      discounts: [],
      additionalFees: [],
      externalPaymentDetail,
    })
    return created.transfer.id
  }
  const transferId = await order()
  const settled = await transfer.createPlatformManualTransfer({
    partnerId,
    settlementAmount: 500,
    settlementDate: '2026-01-02',
  })
  const { id: _, ...contract } = contractBody()
  const { id: __, ...partner } = partnerBody(contractId)
  const settlements = await store.portone.platform.partnerSettlement.getPlatformPartnerSettlements({ filter: {} })
  const partnerSettlementIds = settlements.items.flatMap((item) => ('id' in item ? [String(item.id)] : []))
  const connecting: Fragment = { path: { id: connectable } }
  const together: Partial<Record<OperationId, readonly Fragment[]>> = {
    ...operationsOn('PlatformContract', 'Contract', contractId),
    ...operationsOn('PlatformPartner', 'Partner', partnerId),
    ...operationsOn('PlatformAdditionalFeePolicy', 'AdditionalFeePolicy', additionalFeePolicy.id),
    ...operationsOn('PlatformDiscountSharePolicy', 'DiscountSharePolicy', discountSharePolicy.id),
    createPlatformContract: [{ body: contract }],
    createPlatformAdditionalFeePolicy: [{ body: { name: 'Packing', fee: { fixedAmount: 100 } } }],
    createPlatformPartner: [{ body: partner }],
    createPlatformPartners: [{ body: { partners: [partnerBody(contractId)] } }],
    schedulePlatformPartners: [{ body: { filter: { ids: [partnerId] }, ...schedules } }],
    connectPartnerCounterparty: [connecting],
    disconnectPartnerCounterparty: [connecting],
    connectPartnerMemberCompany: [connecting],
    disconnectPartnerMemberCompany: [connecting],
    connectBulkPartnerCounterparty: [{ body: { filter: {} } }],
    disconnectBulkPartnerCounterparty: [{ body: { filter: {} } }],
    connectBulkPartnerMemberCompany: [{ body: { filter: {} } }],
    disconnectBulkPartnerMemberCompany: [{ body: { filter: {} } }],
    getPlatformAccountHolder: [{ path: { bank: 'KOOKMIN', accountNumber: '12345678901' } }],
    getPlatformCompanyState: [
      { path: { businessRegistrationNumber: businessType.business.businessRegistrationNumber } },
    ],
    getB2bBusinessInfos: [{ body: { brnList: [businessType.business.businessRegistrationNumber] } }],
    createPlatformOrderTransfer: [{ body: { partnerId, orderDetail: { orderAmount: 5_000 }, externalPaymentDetail } }],
    createPlatformOrderCancelTransfer: [
      { body: { transferId, orderDetail: { orderAmount: 10 }, externalCancellationDetail: {} } },
    ],
    createPlatformManualTransfer: [{ body: { partnerId, settlementAmount: 10, settlementTaxFreeAmount: 0 } }],
    getPlatformTransfer: [{ path: { id: transferId } }],
    deletePlatformTransfer: [{ path: { id: settled.transfer.id } }, { path: { id: await order() } }],
    getPlatformPartnerSettlements: [{ body: { filter: {} } }],
    getPlatformPayouts: [{ body: { filter: { criteria: {} } } }],
    deletePlatformPartnerSettlements: [{ body: { partnerSettlementIds } }],
    completePlatformPayoutByPartnerSettlementIds: [{ body: { partnerSettlementIds } }],
  }
  const known = {
    partnerId: [partnerId],
    contractId: [contractId],
    defaultContractId: [contractId],
    transferId: [transferId],
    policyId: [additionalFeePolicy.id],
    sharePolicyId: [discountSharePolicy.id],
    settlementDate: ['2026-01-02', '2099-01-02'],
    settlementStartDate: ['2026-01-01', '2099-01-01'],
    appliedAt: [farAhead],
    lagDays: [1, 10],
    decimalScale: [0, 5],
  }
  return { known, together }
}
