import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { thrownBy } from './support/api.ts'
import { startNaru } from './support/naru.ts'
import { newContract, newPartner, newPlatformId } from './support/platform.ts'

describe('archiving beside use, on two servers', async () => {
  const naru = await startNaru()
  const other = await naru.another()
  const store = await naru.newMerchant()
  const here = naru.clientsOf(store.apiSecret).portone.platform
  const there = other.clientsOf(store.apiSecret).portone.platform
  const external = { currency: 'KRW' as const, paidAt: new Date().toISOString() }

  /** Registers an order beside archiving what it uses; what became of the order, and how it is seen afterwards. */
  const race = async (partnerId: string, archive: () => Promise<unknown>, more: object = {}) => {
    const order = {
      test: true,
      partnerId,
      paymentId: newPlatformId('payment'),
      orderDetail: { orderAmount: 10_000 },
      discounts: [],
      additionalFees: [],
      externalPaymentDetail: external,
      ...more,
    }
    const [registered] = await Promise.allSettled([there.transfer.createPlatformOrderTransfer(order), archive()])
    const { transferSummaries } = await here.transfer.getPlatformTransferSummaries({
      test: true,
      filter: { keyword: { paymentId: order.paymentId } },
    })
    // Registered in full or not at all, and refused because of nothing else.
    assert.equal(transferSummaries.length, registered.status === 'fulfilled' ? 1 : 0)
    if (registered.status === 'rejected') return String(registered.reason?.data?.type)
    // Once archived, it is of no use any more.
    const again = { ...order, paymentId: newPlatformId('payment') }
    return (await thrownBy(there.transfer.createPlatformOrderTransfer(again))).type
  }

  test('a partner', async () => {
    for (let round = 0; round < 15; round++) {
      const partnerId = await newPartner(store)
      const archive = () => here.partner.archivePlatformPartner({ id: partnerId, test: true })
      assert.equal(await race(partnerId, archive), 'PLATFORM_PARTNER_NOT_FOUND')
    }
  })

  test('a contract', async () => {
    for (let round = 0; round < 15; round++) {
      const contractId = await newContract(store)
      const partnerId = await newPartner(store, { defaultContractId: contractId })
      const archive = () => here.policy.archivePlatformContract({ id: contractId, test: true })
      assert.equal(await race(partnerId, archive), 'PLATFORM_CONTRACT_NOT_FOUND')
    }
  })

  test('policies', async () => {
    const partnerId = await newPartner(store)
    for (let round = 0; round < 10; round++) {
      const of = { id: newPlatformId('policy'), test: true }
      await here.policy.createPlatformAdditionalFeePolicy({
        ...of,
        name: 'fee',
        fee: { fixedRate: 1 },
        vatPayer: 'PARTNER',
      })
      await here.policy.createPlatformDiscountSharePolicy({ ...of, name: 'coupon', partnerShareRate: 1 })
      const fees = { additionalFees: [{ policyId: of.id }] }
      const archiveFee = () => here.policy.archivePlatformAdditionalFeePolicy(of)
      assert.equal(await race(partnerId, archiveFee, fees), 'PLATFORM_ADDITIONAL_FEE_POLICIES_NOT_FOUND')
      const discounts = { discounts: [{ sharePolicyId: of.id, amount: 1 }] }
      const archiveDiscount = () => here.policy.archivePlatformDiscountSharePolicy(of)
      assert.equal(await race(partnerId, archiveDiscount, discounts), 'PLATFORM_DISCOUNT_SHARE_POLICIES_NOT_FOUND')
    }
  })
})
