import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { startNaru } from './support/naru.ts'
import { contractBody, newContract, newPlatformId, partnerBody } from './support/platform.ts'
import { pathsOf, recording, type Succeeded } from './support/recording.ts'
import { recogniseAnswers } from './support/sdk-types.ts'

const appliedAt = '2099-01-01T00:00:00Z'

describe('the published SDK', async () => {
  const naru = await startNaru()
  const store = await naru.newMerchant()
  const answers = recogniseAnswers()
  const { platform: plain } = store.portone
  const all = pathsOf(plain, 'platform')
  const done = new Set<string>()
  const succeeded: Succeeded = (path, method, answer) => {
    done.add(path)
    answers.check(method, answer)
  }
  const platform = recording(plain, 'platform', succeeded)
  const { policy, partner, transfer } = platform
  const mode = { test: true } as const

  test('contracts and policies', async () => {
    const { contract } = await policy.createPlatformContract({ ...mode, ...contractBody() })
    const ofContract = { ...mode, id: contract.id }
    await policy.getPlatformContract(ofContract)
    await policy.getPlatformContracts(mode)
    await policy.updatePlatformContract({ ...ofContract, memo: 'changed' })
    await platform.scheduleContract({ ...ofContract, update: { memo: 'later' }, appliedAt })
    await platform.rescheduleContract({ ...ofContract, update: { memo: 'much later' }, appliedAt })
    await platform.getPlatformContractSchedule(ofContract)
    await platform.cancelPlatformContractSchedule(ofContract)
    await policy.archivePlatformContract(ofContract)
    await policy.recoverPlatformContract(ofContract)

    const { additionalFeePolicy } = await policy.createPlatformAdditionalFeePolicy({
      ...mode,
      name: 'Packing',
      fee: { fixedAmount: 100 },
      vatPayer: 'PARTNER',
    })
    const ofFee = { ...mode, id: additionalFeePolicy.id }
    await policy.getPlatformAdditionalFeePolicy(ofFee)
    await policy.getPlatformAdditionalFeePolicies(mode)
    await policy.updatePlatformAdditionalFeePolicy({ ...ofFee, memo: 'changed' })
    await platform.scheduleAdditionalFeePolicy({ ...ofFee, update: { memo: 'later' }, appliedAt })
    await platform.rescheduleAdditionalFeePolicy({ ...ofFee, update: { memo: 'much later' }, appliedAt })
    await platform.getPlatformAdditionalFeePolicySchedule(ofFee)
    await platform.cancelPlatformAdditionalFeePolicySchedule(ofFee)
    await policy.archivePlatformAdditionalFeePolicy(ofFee)
    await policy.recoverPlatformAdditionalFeePolicy(ofFee)

    const { discountSharePolicy } = await policy.createPlatformDiscountSharePolicy({
      ...mode,
      name: 'Half',
      partnerShareRate: 50_000,
    })
    const ofShare = { ...mode, id: discountSharePolicy.id }
    await policy.getPlatformDiscountSharePolicy(ofShare)
    await policy.getPlatformDiscountSharePolicies(mode)
    await platform.getPlatformDiscountSharePolicyFilterOptions(mode)
    await policy.updatePlatformDiscountSharePolicy({ ...ofShare, memo: 'changed' })
    await platform.scheduleDiscountSharePolicy({ ...ofShare, update: { memo: 'later' }, appliedAt })
    await platform.rescheduleDiscountSharePolicy({ ...ofShare, update: { memo: 'much later' }, appliedAt })
    await platform.getPlatformDiscountSharePolicySchedule(ofShare)
    await platform.cancelPlatformDiscountSharePolicySchedule(ofShare)
    await policy.archivePlatformDiscountSharePolicy(ofShare)
    await policy.recoverPlatformDiscountSharePolicy(ofShare)
  })

  test('settings and look-ups', async () => {
    await platform.updatePlatformSetting({ ...mode, defaultDepositMemo: 'shop' })
    await platform.getPlatformSetting(mode)
    await platform.account.getPlatformAccountHolder({ ...mode, bank: 'KOOKMIN', accountNumber: '12345678901' })
    await platform.company.getPlatformCompanyState({ ...mode, businessRegistrationNumber: '1010000002' })
    await platform.company.getB2bBusinessInfos({ brnList: ['1010000002'] })
  })

  test('partners', async () => {
    const contractId = await newContract(store)
    const created = await partner.createPlatformPartner({ ...mode, ...partnerBody(contractId) })
    await partner.createPlatformPartners({ ...mode, partners: [partnerBody(contractId)] })
    const one = { ...mode, id: created.partner.id }
    await partner.getPlatformPartner(one)
    await partner.getPlatformPartners(mode)
    await platform.getPlatformPartnerFilterOptions(mode)
    await partner.updatePlatformPartner({ ...one, memo: 'changed' })
    await platform.schedulePartner({ ...one, update: { memo: 'later' }, appliedAt })
    await platform.reschedulePartner({ ...one, update: { memo: 'much later' }, appliedAt })
    await platform.getPlatformPartnerSchedule(one)
    await platform.cancelPlatformPartnerSchedule(one)
    await platform.schedulePlatformPartners({
      ...mode,
      filter: { ids: [one.id] },
      update: { memo: 'later' },
      appliedAt,
    })
    await platform.cancelPlatformPartnerSchedule(one)
    await partner.archivePlatformPartner(one)
    await partner.recoverPlatformPartner(one)
    await partner.connectPartnerMemberCompany(one)
    await partner.connectBulkPartnerMemberCompany(mode)
    await store.advance({ days: 1 })
    await partner.disconnectPartnerMemberCompany(one)
    await partner.disconnectBulkPartnerMemberCompany(mode)
  })

  test('transfers, settlements and payouts', async () => {
    const contractId = await newContract(store)
    const { partner: seller } = await partner.createPlatformPartner({ ...mode, ...partnerBody(contractId) })
    const order = await transfer.createPlatformOrderTransfer({
      ...mode,
      partnerId: seller.id,
      paymentId: newPlatformId('order'),
      orderDetail: { orderAmount: 10_000 },
      externalPaymentDetail: { currency: 'KRW' },
      discounts: [],
      additionalFees: [],
    })
    await transfer.createPlatformOrderCancelTransfer({
      ...mode,
      transferId: order.transfer.id,
      cancellationId: newPlatformId('cancellation'),
      orderDetail: { orderAmount: 1_000 },
      externalCancellationDetail: {},
      discounts: [],
    })
    const settlementDate = '2099-01-02'
    const manual = { ...mode, partnerId: seller.id, settlementAmount: 500, settlementDate }
    const { transfer: mistaken } = await transfer.createPlatformManualTransfer(manual)
    await transfer.getPlatformTransfer({ ...mode, id: mistaken.id })
    await transfer.getPlatformTransferSummaries(mode)
    await transfer.downloadPlatformTransferSheet(mode)
    await transfer.deletePlatformTransfer({ ...mode, id: mistaken.id })
    await store.advance({ days: 30 })
    await platform.partnerSettlement.getPlatformPartnerSettlements({ ...mode, filter: {} })
    await platform.payout.getPlatformPayouts(mode)
    await platform.bulkPayout.getPlatformBulkPayouts(mode)
    await platform.accountTransfer.getPlatformAccountTransfers(mode)
    await platform.bulkAccountTransfer.getPlatformBulkAccountTransfers(mode)
  })

  test('each of its methods for partner settlement has succeeded, with an answer that it recognises', () => {
    assert.equal(all.length, 65)
    assert.deepEqual(
      all.filter((path) => !done.has(path)),
      [],
    )
  })
})
