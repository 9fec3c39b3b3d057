import assert from 'node:assert/strict'
import type { AdminOperationId } from '@naru/contract'
import { testAccounts } from '../../src/gateways/sandbox/scenarios/bank-accounts.ts'
import { adminOf, newAdmin } from './admin.ts'
import { type Fragment, farAhead } from './fuzz-books.ts'
import type { Known } from './fuzz-values.ts'
import type { TestNaru, TestStore } from './naru.ts'
import { newContract, newPartner, newPlatformId, partnerBody } from './platform.ts'

const settlementDate = '2026-01-02'
/** Noon in Korea, which no bank closes at. */
const noon = '2099-12-30T03:00:00Z'
const live = { test: false } as const

/** What the admin API of a new merchant can be asked for. */
export type AdminStages = {
  readonly known: Known
  readonly secret: string
  /** Brings a bulk payout to where the operation has something to do, and returns requests that fit. */
  readonly fitting: (id: AdminOperationId) => Promise<readonly Fragment[]>
}

export const adminStages = async (naru: TestNaru, store: TestStore): Promise<AdminStages> => {
  const secret = await newAdmin(naru.database.sql, store.storeId)
  const admin = adminOf(naru.url, secret)
  const [{ merchantId }] = await naru.database.sql<[{ merchantId: string }]>`
    select merchant_id as "merchantId" from stores where store_id = ${store.storeId}`
  // The bank's accounts are opened when they are first asked for.
  for (const test of [false, true]) await admin('GET', `/balance?test=${test}`)
  const contractId = await newContract(store, live)
  const refusing = testAccounts.find(({ code }) => code === 'bank-no-account')?.number ?? assert.fail()
  const { account } = partnerBody(contractId)
  const partnerId = await newPartner(store, { ...live, defaultContractId: contractId })
  const unlucky = await newPartner(store, {
    ...live,
    defaultContractId: contractId,
    account: { ...account, number: refusing },
  })

  const done = async (path: string, body?: object) => {
    const answer = await admin('POST', path, body)
    assert.equal(answer.status, 200, `${path}: ${JSON.stringify(answer.body)}`)
  }
  const settle = async (partner = partnerId) => {
    await store.portone.platform.transfer.createPlatformManualTransfer({
      partnerId: partner,
      settlementAmount: 500,
      settlementDate,
    })
  }
  /** One bulk payout at a time is prepared: what a request before has left behind makes room. */
  const prepared = async (partner?: string): Promise<string> => {
    await naru.database.sql`
      update platform_partner_settlements set bulk_payout_id = null, is_selected = false
      where merchant_id = ${merchantId} and payout_id is null`
    await naru.database.sql`
      update platform_bulk_payouts set status = 'CANCELLED' where merchant_id = ${merchantId} and status = 'PREPARING'`
    await settle(partner)
    const id = newPlatformId('bulk')
    await done('/bulk-payouts', { id, settlementDates: [settlementDate] })
    return id
  }
  const generated = async (partner?: string): Promise<string> => {
    const id = await prepared(partner)
    await done(`/bulk-payouts/${id}/generate`)
    return id
  }
  const scheduled = async (): Promise<string> => {
    const id = await generated()
    await done(`/bulk-payouts/${id}/execute`, { scheduledAt: noon })
    return id
  }
  const failed = async (): Promise<string> => {
    const id = await generated(unlucky)
    await done(`/bulk-payouts/${id}/execute`)
    await store.api.call('advanceSandboxClock', { body: { seconds: 0 } })
    return id
  }
  const settlementIds = async (): Promise<readonly string[]> => {
    await settle()
    const { items } = await store.portone.platform.partnerSettlement.getPlatformPartnerSettlements({
      filter: { statuses: ['PAYOUT_PREPARED'] },
    })
    return items.flatMap((item) => ('id' in item ? [String(item.id)] : []))
  }

  const of = async (id: string | Promise<string>, body?: object): Promise<readonly Fragment[]> => [
    { path: { id: await id }, ...(body === undefined ? {} : { body }) },
  ]
  const profile = {
    path: { storeId: store.storeId, profileKey: 'profile' },
    body: { isForTest: true, name: 'All', entries: [{ paymentMethod: 'CARD', channelKey: store.channelKey }] },
  }
  const bulkPayout = await generated()
  const fitting: AdminStages['fitting'] = async (operation) => {
    switch (operation) {
      case 'prepareAdminBulkPayout':
        await prepared()
        await settle()
        await naru.database.sql`
          update platform_bulk_payouts set status = 'CANCELLED'
          where merchant_id = ${merchantId} and status = 'PREPARING'`
        return [{ body: { settlementDates: [settlementDate] } }]
      case 'selectAdminSettlements':
        return of(prepared(), { isSelected: true })
      case 'discardAdminBulkPayout':
      case 'generateAdminPayouts':
        return of(prepared())
      case 'getAdminBulkPayout':
      case 'listAdminPayouts':
        return of(bulkPayout)
      case 'setAdminPayoutMemos':
        return of(generated(), { withdrawalMemo: 'March' })
      case 'executeAdminPayouts':
        return of(generated(), {})
      case 'rescheduleAdminPayouts':
        return of(scheduled(), { scheduledAt: noon })
      case 'cancelAdminPayoutSchedule':
        return of(scheduled(), {})
      case 'retryAdminPayouts':
        return of(failed(), {})
      case 'cancelAdminPayouts':
        return of(generated(), {})
      case 'setAdminSettlementStatus':
        return [{ body: { partnerSettlementIds: await settlementIds(), status: 'PAYOUT_WITHHELD' } }]
      case 'remitAdminBalance':
        return [
          { body: { bank: account.bank, accountNumber: account.number, accountHolder: account.holder, amount: 1 } },
        ]
      case 'decideAdminPartners':
        return [{ body: { partnerIds: [partnerId], status: 'APPROVED' } }]
      case 'putAdminCheckoutProfile':
      case 'deleteAdminCheckoutProfile':
        return [profile]
      case 'listAdminHolidays':
        return [{ query: { year: 2026 } }]
      // Whatever is queued is with the bank at once: stopping it in time is a race, which has a test of its own.
      case 'stopAdminPayouts':
        return of(bulkPayout, {})
      case 'listAdminSettlements':
      case 'listAdminBulkPayouts':
      case 'getAdminCheckoutSetting':
      case 'changeAdminCheckoutSetting':
      case 'listAdminCheckoutProfiles':
      case 'getAdminBalance':
      case 'listAdminOwed':
      case 'putAdminHoliday':
      case 'deleteAdminHoliday':
        return []
      default:
        return operation satisfies never
    }
  }
  const known = {
    id: [bulkPayout],
    storeId: [store.storeId],
    channelKey: [store.channelKey],
    profileKey: ['profile'],
    partnerId: [partnerId],
    test: [false],
    date: ['2026-03-02', '2026-05-05'],
    settlementDate: [settlementDate],
    scheduledAt: [noon, farAhead],
  }
  return { secret, fitting, known }
}
